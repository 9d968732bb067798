"""Text to sound for a caller: the cache, else the outside voice, else the local one.

Trouble with the outside voice is remembered, so that only one caller waits for it; a probe
brings it back. Only sentences that the operator may send outside go there.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

import structlog

from bot.rules.errors import Unavailable
from voice.audio import MODEL_RATE, Samples
from voice.local_voice import LocalVoice
from voice.sentences import cut
from voice.shared_sounds import SharedSounds
from voice.sound_cache import SoundCache
from voice.tts import Mp3Stream, OutsideVoice

log = structlog.get_logger()

_RETRY_SECONDS = 30.0
_LONGEST_RETRY_SECONDS = 600.0
_REMEMBERED = 100
_PIECE = MODEL_RATE // 5  # local sound is handed on in pieces of 200 ms


@dataclass
class Voices:
    """The outside service's names of the two voices."""

    mandarin: str
    cantonese: str

    def name(self, voice: str) -> str:
        """The service's name of ``mandarin``, ``cantonese`` or of a voice already so named."""
        return {"mandarin": self.mandarin, "cantonese": self.cantonese}.get(voice, voice)

    def local(self, voice: str) -> str:
        """Which local voice stands in."""
        return "cantonese" if self.name(voice) == self.cantonese else "mandarin"


@dataclass
class Speech:
    """Sound for sentences. ``outside_allowed`` says of a sentence whether it may leave."""

    cache: SoundCache
    outside: OutsideVoice
    local: LocalVoice
    voices: Voices
    outside_allowed: Callable[[str], bool]
    shared: SharedSounds = field(default_factory=SharedSounds)
    degraded: bool = field(default=False, init=False)
    _retry_at: float = field(default=0.0, init=False)
    _retry_seconds: float = field(default=_RETRY_SECONDS, init=False)

    async def warm_up(self) -> None:
        """Have the local voice ready, so that the first caller does not wait for it."""
        try:
            await self.local.speak("12345")
        except Unavailable as error:
            log.error("speech.no_local_voice", reason=str(error))

    async def remember(self, sentences: Iterable[str]) -> None:
        """Have in memory what is kept of the first of them: reading one takes 15 ms."""
        name = self.voices.name("mandarin")
        pieces = [piece for text in sentences for piece in cut(text)]
        for piece in pieces[:_REMEMBERED]:
            self.cache.get(self.cache.key(piece, name, 1.0))
            await asyncio.sleep(0.02)

    async def say(
        self, text: str, voice: str = "mandarin", speed: float = 1.0
    ) -> AsyncIterator[Samples]:
        """16 kHz sound of ``text``, sentence by sentence, piece by piece.

        Raises `Unavailable` when no voice is left.
        """
        for sentence in cut(text):
            async for piece in self._sentence(sentence, voice, speed):
                yield piece

    async def prepare(self, sentences: Iterable[str]) -> int:
        """Synthesise fixed sentences ahead; stops at the first trouble. How many were made."""
        made = 0
        name = self.voices.name("mandarin")
        pieces = [piece for text in sentences for piece in cut(text)]
        for sentence in pieces:
            key = self.cache.key(sentence, name, 1.0)
            if not self.outside_allowed(sentence) or self.cache.has(key):
                continue
            if await self._from_others(key) is not None:
                continue
            try:
                async for _ in self._from_outside(sentence, name, 1.0):
                    pass
            except Unavailable as error:
                self._trouble(error)
                break
            made += 1
        return made

    async def keep_trying(self, sentences: tuple[str, ...]) -> None:
        """Prepare, and after trouble probe until the outside voice is back; until cancelled."""
        await self.remember(sentences)
        while True:
            made = await self.prepare(sentences)
            if made and not self.degraded:
                log.info("speech.prepared", sentences=made)
            await asyncio.sleep(max(self._retry_at - time.monotonic(), _RETRY_SECONDS))

    async def _sentence(self, sentence: str, voice: str, speed: float) -> AsyncIterator[Samples]:
        name = self.voices.name(voice)
        key, allowed = self.cache.key(sentence, name, speed), self.outside_allowed(sentence)
        cached = self.cache.get(key)
        if cached is None and allowed:
            cached = await self._from_others(key)
        if cached is not None:
            yield cached
            return
        if allowed and time.monotonic() >= self._retry_at:
            try:
                async for piece in self._from_outside(sentence, name, speed):
                    yield piece
            except Unavailable as error:
                self._trouble(error)
            else:
                return
        samples = await self.local.speak(sentence, self.voices.local(voice), speed)
        for start in range(0, len(samples), _PIECE):
            yield samples[start : start + _PIECE]

    async def _from_others(self, key: str) -> Samples | None:
        """What another voice process has had made; kept here too."""
        mp3 = await self.shared.get(key)
        if mp3 is None:
            return None
        self.cache.put(key, mp3)
        return self.cache.get(key)

    async def _from_outside(self, sentence: str, name: str, speed: float) -> AsyncIterator[Samples]:
        stream, received = Mp3Stream(), bytearray()
        async for data in self.outside.speak(sentence, name, speed):
            received += data
            piece = stream.decode(data)
            if len(piece):
                yield piece
        yield stream.decode(b"", last=True)
        key = self.cache.key(sentence, name, speed)
        self.cache.put(key, bytes(received))
        await self.shared.put(key, bytes(received))
        if self.degraded:
            log.info("speech.recovered")
        self.degraded, self._retry_at, self._retry_seconds = False, 0.0, _RETRY_SECONDS

    def _trouble(self, error: Unavailable) -> None:
        if not self.degraded:
            log.warning("speech.degraded", reason=str(error), retry_seconds=self._retry_seconds)
        self.degraded = True
        self._retry_at = time.monotonic() + self._retry_seconds
        self._retry_seconds = min(self._retry_seconds * 2, _LONGEST_RETRY_SECONDS)
