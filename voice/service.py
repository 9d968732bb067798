"""What every call uses: the dialogue, the ear's and the mouth's engines, the clock."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.rules.session import Channel, Outcome, Utterance
from voice.audio import Samples
from voice.ears import Ears
from voice.recorder import Sink
from voice.segments import Expectation
from voice.signals import Transcript


class Listener(Protocol):
    """`bot.conversation.Conversation`."""

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """The opening sentence."""

    async def hear(self, utterance: Utterance) -> Outcome:
        """What becomes of an utterance."""


class Transcriber(Protocol):
    """`voice.engine.Engine`."""

    async def transcribe(
        self,
        samples: Samples,
        *,
        voiced_seconds: float,
        language: str = "zh",
        hot_words: str = "",
        expectation: Expectation = Expectation.OPEN,
        deadline_seconds: float = 8.0,
        partial: bool = False,
    ) -> Transcript:
        """What was said; ``partial``: it is still being said."""


class Synthesizer(Protocol):
    """`voice.speech.Speech`."""

    def say(self, text: str, voice: str = "mandarin", speed: float = 1.0) -> AsyncIterator[Samples]:
        """16 kHz sound of ``text``."""


async def _nobody(session_id: str, at: datetime) -> None:
    """Nobody wants to know that a caller is gone."""


@dataclass(frozen=True)
class Service:
    """``urgent`` knows the words of danger; ``left`` is told of callers who hung up; ``record``
    says where a call's recording goes, if it is recorded, and ``says_recorded`` that the caller is
    to be told; ``hot_words`` gives the names to
    expect where a place is asked, from what was said lately. ``language``: zh or yue, until the
    caller turns out to speak the other. ``ears``: where several lines are looked at together; a
    call without them looks at its own.
    """

    conversation: Listener
    transcriber: Transcriber
    speech: Synthesizer
    clock: Clock
    language: str = "zh"
    urgent: Callable[[str], bool] = lambda text: False
    left: Callable[[str, datetime], Awaitable[None]] = _nobody
    record: Callable[[str], Sink | None] = lambda session: None
    says_recorded: bool = True
    hot_words: Callable[[Iterable[str]], str] = lambda said: ""
    ears: Ears | None = None
