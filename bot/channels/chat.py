"""What a chat connection needs from the rest of the hotline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channels.speech import Heard, Sound
from bot.channels.tokens import Tokens
from bot.clock import Clock
from bot.live import Live
from bot.rules.session import Channel, Outcome, Utterance
from bot.rules.waiting import Wait
from bot.store import Missed


class Hearing(Protocol):
    """The way in for callers."""

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """The opening sentence; the same session again has it already."""

    async def hear(self, utterance: Utterance) -> Outcome:
        """What becomes of an utterance; the same one again gets the same outcome."""


class Voice(Protocol):
    """Speech to text and back."""

    async def transcribe(self, recording: bytes, mime: str) -> Heard:
        """What a recording says."""

    async def speak(self, text: str) -> Sound:
        """A sentence read aloud."""


class Transcript(Protocol):
    """The turns of a session as a page shows them."""

    async def since(self, session_id: str, after: int) -> Sequence[dict[str, Any]]:
        """Turns after ``after``, in order: seq, id, speaker, text, spoken, buttons, card, …"""

    async def handler(self, session_id: str) -> str:
        """Who has the session: bot, waiting, agent or ended."""

    async def standing(self, session_id: str) -> tuple[int, Wait | None] | None:
        """The place in the queue of one who waits (1 is next), and how long it will take where
        that can be told. None when nobody is waited for."""


class LeaveNumber(Protocol):
    """Takes a waiting caller off the queue, to be called back."""

    async def __call__(self, session_id: str, phone: str) -> Missed:
        """Whom to call back. Rejected: ``phone_malformed``, ``not_in_table``."""


@dataclass(frozen=True)
class Chat:
    """One per gateway. ``works`` says whether a part (redis, voice …) answers at the moment."""

    hearing: Hearing
    transcript: Transcript
    voice: Voice
    live: Live
    tokens: Tokens
    clock: Clock
    works: Callable[[str], bool]
    listens: Callable[[], str]  # "full", "demonstration" or "none"
    leave_number: LeaveNumber
