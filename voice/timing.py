"""How long each step of a turn took, for the caller's ear: milliseconds after they fell silent."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class TurnReport:
    """One turn. Times are on the line's clock, in seconds, until ``row`` makes them ms."""

    turn: int
    heard: str = ""
    said: tuple[str, ...] = ()
    status: str = ""
    confidence: float | None = None
    ended_at: float | None = None  # the caller fell silent
    stopped_at: float | None = None  # we took it for the end
    asked_at: float | None = None
    answered_at: float | None = None
    sounded_at: float | None = None
    stt_ms: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """As a JSON line."""
        begun = self.ended_at
        timings = {
            "end_of_speech": _ms(begun, self.stopped_at),
            "stt": round(self.stt_ms, 1) if self.stt_ms else None,
            "words_after_end": _ms(self.stopped_at, self.asked_at),
            "dialogue": _ms(self.asked_at, self.answered_at),
            "voice": _ms(self.answered_at, self.sounded_at),
            "first_sound": _ms(begun, self.sounded_at),
        }
        return {
            "turn": self.turn,
            "heard": self.heard,
            "said": list(self.said),
            "status": self.status,
            "confidence": None if self.confidence is None else round(self.confidence, 3),
            "timings_ms": {name: value for name, value in timings.items() if value is not None},
        }


def _ms(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round((end - start) * 1000, 1)
