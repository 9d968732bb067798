"""Who speaks when in a talk, and who speaks over the caller. Pure; seconds of the talk."""

from collections import deque
from dataclasses import dataclass

KEPT = 20  # of the caller's utterances


@dataclass(frozen=True)
class Spoken:
    """How long an utterance was voice, and how long of it went over a caller who was speaking."""

    seconds: float
    over_seconds: float = 0.0


class Voices:
    """``caller`` is the one who is not to be spoken over."""

    def __init__(self, caller: str) -> None:
        self._caller = caller
        self._since: dict[str, float] = {}
        self._caller_spoke: deque[tuple[float, float]] = deque(maxlen=KEPT)

    def began(self, who: str, at: float) -> None:
        """A voice sets in."""
        self._since.setdefault(who, at)

    def ended(self, who: str, at: float, voiced_seconds: float) -> Spoken:
        """A voice has stopped."""
        begun = self._since.pop(who, at)
        if who == self._caller:
            self._caller_spoke.append((begun, at))
            return Spoken(round(voiced_seconds, 2))
        spans = [*self._caller_spoke]
        if self._caller in self._since:
            spans.append((self._since[self._caller], at))
        over = sum(max(0.0, min(end, at) - begun) for start, end in spans if start < begun)
        return Spoken(round(voiced_seconds, 2), round(over, 2))
