"""Does it sound finished? Then the caller need not wait for the whole pause. Pure."""

import re

from voice.phrases import Phrases
from voice.segments import Expectation
from voice.signals import Transcript

SURE = 0.5  # confidence
ENOUGH = 5  # characters; "I want to" may be anything
_SYMBOLS = re.compile(r"[\W_]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def finished(words: Transcript, expected: Expectation, phrases: Phrases) -> bool:
    """An open answer that hangs on no word like "because", a phone number with all its digits.

    Where an address is expected nobody knows what is still to come.
    """
    said = _SYMBOLS.sub("", words.text)
    if words.confidence < SURE:
        return False
    if expected is Expectation.DIGITS:
        return _MOBILE.fullmatch(said) is not None
    if expected is not Expectation.OPEN or len(said) < ENOUGH:
        return False
    return not said.endswith(phrases.unfinished) and not said[-1].isdigit()
