"""Numbers as people say them, for a voice that cannot read figures (wetext).

13800138000 becomes 幺三八零零幺三八零零零, 22:30 二十二点三十分, 108号 一百零八号. What wetext
would read as a cardinal although nobody says it so is spelled figure by figure first: runs of
five and more figures that no unit follows (tickets, telephones), and room numbers.
"""

import re
from functools import cache
from typing import Any

FIGURES = str.maketrans("0123456789", "零幺二三四五六七八九")

_LONG = re.compile(r"(?<![\d.])\d(?:[\d-]{3,})\d(?![\d.]|[万亿元年人平公吨度%])")
_ROOM = re.compile(r"(?<!\d)\d{3,4}(?=房|室)")


def spell(text: str) -> str:
    """``text`` with every figure in characters, ready for `voice.espeak.synthesize`."""
    text = _LONG.sub(lambda found: _figures(found.group()), text)
    text = _ROOM.sub(lambda found: _figures(found.group()).replace("幺", "一"), text)
    normalized: str = _normalizer().normalize(text)
    return normalized


def _figures(number: str) -> str:
    return number.replace("-", "").translate(FIGURES)


@cache
def _normalizer() -> Any:
    from wetext import Normalizer

    return Normalizer(lang="zh", operator="tn")
