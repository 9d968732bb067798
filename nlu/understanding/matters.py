"""Two matters in one breath: where an utterance parts."""

from __future__ import annotations

import re

_ALSO = re.compile(
    r"[,,。;；.!?！？\s]*(?:(?:而且|同时)?我?还想(?:问|咨询|反映|投诉|举报)(?:一下|下)?|还有(?:一个|一件|件|个)?(?:事情?|问题)?|另外(?:一个|一件|还)?(?:事情?)?|顺便(?:也|再)?(?:说|问|反映|讲|投诉)?(?:一下|埋|下)?"
    r"|仲有(?:一样|件)?(?:嘢|事)?|同埋|再(?:问|反映|投诉)一个|对了|第二(?:个|件)(?:事|问题)?|其次|除此之外|与此同时)[,,:：]*"
)
_SENTENCE = re.compile(r"[。！!;；\n]+")
_EDGE = " ,。"
SHORTEST = 4  # characters of a matter


def parts_of(text: str) -> list[str]:
    """The matters of ``text`` in order; one where it does not part."""
    found = [p.strip(_EDGE) for p in _ALSO.split(text)]
    found = [p for p in found if len(p) >= SHORTEST]
    if len(found) > 1:
        return found[:4]
    sentences = [s.strip(_EDGE) for s in _SENTENCE.split(text)]
    sentences = [s for s in sentences if len(s) >= SHORTEST]
    return sentences[:4] if len(sentences) > 1 else [text]
