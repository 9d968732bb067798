"""What kind of answer comes after an outcome, as the dialogue tells it in ``facts``. Pure."""

from bot.rules.session import Outcome
from voice.segments import Expectation

_BY_ASKED = {
    "place": Expectation.ADDRESS,
    "correction": Expectation.ADDRESS,
    "phone": Expectation.DIGITS,
    "ticket_no": Expectation.DIGITS,
    "confirm": Expectation.YES_NO,
    "confirmed": Expectation.YES_NO,
    "confidential": Expectation.YES_NO,
}
_CHOICES = 2
_GRADES = frozenset(("result", "service"))


def one_key(outcome: Outcome) -> bool:
    """Whether a single key is an answer: a grade from 1 to 5."""
    return outcome.facts.get("asked") in _GRADES


def expectation(outcome: Outcome) -> Expectation:
    """From ``facts["asked"]``, the name of the field; quick replies beside it mean a choice.

    A choice about a number ("the one you call from?") is open: yes, or another number.
    """
    asked = _BY_ASKED.get(str(outcome.facts.get("asked") or ""))
    choice = bool(outcome.replies) and len(outcome.replies[-1].buttons) == _CHOICES
    if choice and asked is Expectation.DIGITS:
        return Expectation.OPEN
    if asked is not None:
        return asked
    return Expectation.YES_NO if choice else Expectation.OPEN
