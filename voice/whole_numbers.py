"""Of what the recogniser may have heard, the number that is whole.

Of two like digits in a row a recogniser likes to write one (1355 for 13555), with the true number
second on its list. Where a number is expected, the first of the list that has as many digits as
such numbers have is believed before one that is a digit or two short or long; in an open answer
("no, call me at ...") only a mobile number is. Callers who leave a digit out are asked anyway: the
dialogue reads every number back.
"""

import re
from dataclasses import replace

from voice.segments import Expectation
from voice.stt import Guess
from voice.writing import write

LEAST_SHARE = 0.65  # of the best one's confidence
_WHOLE = (
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),  # a mobile number
    re.compile(r"(?<!\d)1\d{10}(?!\d)"),  # one with its second digit misheard
    re.compile(r"(?<!\d)20\d{12}(?!\d)"),  # a ticket's: its date and a serial number
)
_NEARLY = {
    Expectation.DIGITS: re.compile(r"(?<!\d)(1\d{8,12}|20\d{10,14})(?!\d)"),
    Expectation.OPEN: re.compile(r"(?<!\d)1[3-9]\d{7,11}(?!\d)"),
}


def written(guess: Guess, expectation: Expectation) -> Guess:
    """``guess`` as people write it: the likeliest whole number, where a number is expected."""
    best = replace(guess, text=write(guess.text, expectation))
    nearly = _NEARLY.get(expectation)
    if nearly is None or not guess.others or not nearly.search(best.text):
        return best
    if _WHOLE[0].search(best.text) or _WHOLE[2].search(best.text):
        return best
    likely = [each for each in guess.others if each.confidence >= LEAST_SHARE * guess.confidence]
    tries = [best, *(replace(each, text=write(each.text, expectation)) for each in likely)]
    for whole in _WHOLE if expectation is Expectation.DIGITS else _WHOLE[:1]:
        for each in tries:
            if whole.search(each.text):
                return replace(each, language=best.language)
    return best
