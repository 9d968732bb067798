"""What a call is doing: who speaks, what is heard, what the dialogue thinks about. Pure data."""

from dataclasses import dataclass
from enum import Enum

from bot.rules.session import Outcome
from voice.audio import Samples
from voice.signals import Transcript


class State(str, Enum):
    """What is going on."""

    LISTENING = "listening"  # the caller's turn, nothing said yet
    HEARING = "hearing"  # the caller speaks
    THINKING = "thinking"  # their words are with the recogniser or the dialogue
    SPEAKING = "speaking"  # we speak
    ENDED = "ended"


@dataclass
class Ear:
    """The utterance that is being heard."""

    open: bool = False  # the caller is speaking
    attempt: int = 0
    stopped: bool = False
    cut: bool = False
    voiced_seconds: float = 0.0
    words: Transcript | None = None  # of the latest pause
    sound: tuple[Samples, ...] = ()  # all of it, with what was said just before

    def carry(self) -> "Ear":
        """The caller went on before their words were known: keep the sound."""
        keep = self.stopped and not self.cut
        return Ear(open=True, sound=self.sound if keep else ())


@dataclass
class Question:
    """What the dialogue is thinking about."""

    turn: int
    answer: Outcome | None = None  # it came while the caller was speaking
    more: Transcript | None = None  # what they said meanwhile
