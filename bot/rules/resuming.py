"""A report that was cut off, offered on the next call of the same number. Pure.

The report is taken up by saying again, in one breath, what the caller had said: the dialogue
reads a whole report at once and asks only for what is missing. 国办函〔2025〕66号 asks hotlines to
make good for calls that were lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_SYMBOLS = re.compile(r"[\W_]+")
SHORTEST = 4  # characters; what is shorter answered a question that will be asked again
LONGEST = 600
LONGEST_ANSWER = 20  # characters; what is longer tells something


def wanted(
    text: str, yes: Collection[str], no: Collection[str], fillers: Collection[str] = ()
) -> bool | None:
    """Whether the caller takes the offer; None where they speak of something else.

    Words of one kind may follow each other, with ``fillers`` between them.
    """
    said = _SYMBOLS.sub("", text)
    if len(said) > LONGEST_ANSWER or _made_of(said, fillers):
        return None
    for answer, words in ((False, no), (True, yes)):
        if _made_of(said, words, fillers):
            return answer
    return None


def _made_of(said: str, *words: Collection[str]) -> bool:
    known = "|".join(re.escape(word) for some in words for word in some)
    return re.fullmatch(f"(?:{known})+", said) is not None


def again(said: Sequence[str]) -> str:
    """The caller's words of the report as one utterance; empty where nothing was told yet."""
    told = [text for text in said if len(_SYMBOLS.sub("", text)) >= SHORTEST]
    return "\uff0c".join(told)[:LONGEST]
