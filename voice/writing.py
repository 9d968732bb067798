"""What a recogniser writes, made into what people write: simplified characters, figures.

Numbers become figures only where figures are meant: a run of five and more spoken digits
anywhere, everything countable where an address or a number was asked for (wetext spoils dates,
so not everywhere).
"""

import re
from functools import cache
from typing import Any

from voice.segments import Expectation

_DIGITS = {"零": "0", "〇": "0", "幺": "1", "一": "1", "二": "2", "两": "2", "三": "3",
           "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}  # fmt: skip
_RUN = re.compile(f"[{''.join(_DIGITS)}0-9]{{5,}}")
_GROUPS = re.compile(r"(?<=\d)[\s,，、.。-]+(?=\d)")


def write(text: str, expectation: Expectation = Expectation.OPEN) -> str:
    """``text`` in simplified characters, with figures as ``expectation`` asks for."""
    text = simplify(text.strip())
    if expectation is Expectation.DIGITS:
        text = _RUN.sub(_figures, text)
        return _GROUPS.sub("", _normalizer().normalize(text))
    if expectation is Expectation.ADDRESS:
        normalized: str = _normalizer().normalize(text)
        return normalized
    return _RUN.sub(_figures, text)


def simplify(text: str) -> str:
    """Simplified characters; also repairs 著火 (OpenCC's tw2s, which plain t2s leaves)."""
    converted: str = _converter().convert(text)
    return converted


def _figures(found: re.Match[str]) -> str:
    return "".join(_DIGITS.get(character, character) for character in found.group())


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("tw2s")


@cache
def _normalizer() -> Any:
    from wetext import Normalizer

    return Normalizer(lang="zh", operator="itn")
