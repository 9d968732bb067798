"""Ten-line stand-ins for what a call uses: words, a voice, a dialogue."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from bot.rules.session import Channel, Next, Outcome, Reply, Status, Utterance
from voice.audio import Samples
from voice.segments import Expectation
from voice.signals import Transcript


@dataclass
class Words:
    """A recogniser that hears what it is told to, the last for ever."""

    texts: Sequence[str] = ("楼下半夜施工",)
    sounds: list[Samples] = field(default_factory=list)

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
        self.sounds.append(samples)
        text = self.texts[min(len(self.sounds), len(self.texts)) - 1]
        await asyncio.sleep(0)
        return Transcript(text, 0.9, language, None if text else "nothing")


class Beep:
    """A voice of 0.3 s a sentence, longer for longer ones."""

    def __init__(self, seconds: float = 0.3) -> None:
        self.samples = np.full(int(seconds * 16_000), 8000, np.int16)

    async def say(
        self, text: str, voice: str = "mandarin", speed: float = 1.0
    ) -> AsyncIterator[Samples]:
        yield self.samples


@dataclass
class Talk:
    """A dialogue that remembers what it was told."""

    heard: list[Utterance] = field(default_factory=list)
    breaks: bool = False
    gone: list[str] = field(default_factory=list)

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        if self.breaks:
            raise RuntimeError("no records")
        return Outcome("opening", Status.GREETED, (Reply("您好"),))

    async def left(self, session_id: str, at: datetime) -> None:
        self.gone.append(session_id)

    async def hear(self, utterance: Utterance) -> Outcome:
        self.heard.append(utterance)
        if self.breaks:
            raise RuntimeError("no records")
        if utterance.text == "人工":
            return Outcome(utterance.id, Status.HANDED_OFF, (Reply("请稍等"),), Next.AGENT)
        return Outcome(utterance.id, Status.ASKED, (Reply("在哪里?"),))
