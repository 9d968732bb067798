"""Both sides of a call into its recording, side by side, with the places of the words.

Time is counted in our own beats: at each the caller's next 20 ms go left and our frame goes
right, so the sides stay together whatever the network does.
"""

from typing import Protocol

import numpy as np
import structlog

from bot.recordings import RATE, Words
from voice.audio import FRAME_SECONDS, Resampler, frame_bytes, from_bytes, to_bytes, to_law
from voice.segments import VoiceStopped
from voice.signals import Ask, Command, Drop, Event, Played, Say, SoundBegan

log = structlog.get_logger()

_FRAME = frame_bytes(RATE)
_FLUSH_SECONDS = 5.0
_MOST_BEHIND = 10 * _FRAME  # of the caller's sound; more is a line that hurries


class Sink(Protocol):
    """`bot.recordings.Writing`."""

    def sound(self, law: bytes) -> None:
        """More of the sound."""

    def words(self, said: Words) -> None:
        """What is said in it."""

    def close(self) -> None:
        """It is complete."""

    def discard(self) -> None:
        """Nobody is to hear it."""


class Recorder:
    """One call's. ``rate``: the line's."""

    def __init__(self, sink: Sink, rate: int) -> None:
        self._sink = sink
        self._in, self._out = Resampler(rate, RATE), Resampler(rate, RATE)
        self._left, self._right = bytearray(), bytearray()
        self._gathered = bytearray()
        self._beats = 0
        self._utterance = (0.0, 0.0)
        self._texts: dict[int, str] = {}
        self._saying: tuple[int, float] | None = None
        self._over = False

    @property
    def seconds(self) -> float:
        """How long the call has gone on."""
        return self._beats * FRAME_SECONDS

    def hear(self, pcm: bytes) -> None:
        """Sound of the caller."""
        self._left += to_bytes(self._in.convert(from_bytes(pcm)))
        if len(self._left) > _MOST_BEHIND:
            del self._left[:-_MOST_BEHIND]

    def beat(self, frame: bytes) -> None:
        """20 ms of ours, and of the caller what has come."""
        if self._over:
            return
        self._beats += 1
        self._right += to_bytes(self._out.convert(from_bytes(frame)))
        left, right = _take(self._left), _take(self._right)
        self._gathered += np.stack([from_bytes(left), from_bytes(right)], axis=1).tobytes()
        if len(self._gathered) >= _FLUSH_SECONDS * RATE * 4:
            self._flush()

    def note(self, happened: Event | Command) -> None:
        """Where the words are, from the events and commands that pass."""
        match happened:
            case VoiceStopped():
                self._utterance = self.place(happened)
            case Ask() if happened.spoken:
                self.said("caller", happened.text, self._utterance)
            case Say():
                self._texts[happened.number] = "".join(happened.texts)
            case SoundBegan():
                self._saying = (happened.number, self.seconds)
            case Played() | Drop():
                self._finish()

    def place(self, voice: VoiceStopped) -> tuple[float, float]:
        """From when to when a voice that has just stopped spoke."""
        begun = self.seconds - len(voice.samples) / 16_000
        return max(0.0, begun), self.seconds - voice.silence_seconds

    def said(self, speaker: str, text: str, place: tuple[float, float]) -> None:
        """What was said there."""
        if text and not self._over:
            begun, ended = place
            seconds = round(max(0.1, ended - begun), 2)
            self._sink.words(Words(speaker, text, round(begun, 2), seconds))

    def close(self) -> None:
        """The call is over."""
        if not self._over:
            self._finish()
            self._flush()
            self._sink.close()
            self._over = True

    def discard(self) -> None:
        """The caller does not want it."""
        if not self._over:
            self._sink.discard()
            self._over = True

    def _finish(self) -> None:
        if self._saying is not None:
            number, begun = self._saying
            self.said("bot", self._texts.pop(number, ""), (begun, self.seconds))
            self._saying = None

    def _flush(self) -> None:
        if not self._gathered:
            return
        law = to_law(bytes(self._gathered), "ulaw")
        self._gathered.clear()
        try:
            self._sink.sound(law)
        except OSError as error:  # the disk is full: the call goes on without
            log.error("recording.broken_off", reason=str(error))
            self.discard()


def _take(side: bytearray) -> bytes:
    """20 ms of it, silence where there is none."""
    frame = bytes(side[:_FRAME]).ljust(_FRAME, b"\0")
    del side[:_FRAME]
    return frame
