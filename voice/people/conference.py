"""20 ms at a time, everybody hears everybody else. Pure; s16 at 16 kHz."""

import numpy as np

from voice.audio import MODEL_RATE, frame_bytes, from_bytes

FRAME = frame_bytes(MODEL_RATE)
_MOST_BEHIND = 10 * FRAME  # of one voice; more is a line that hurries


class Conference:
    """Voices by name. Who only listens says nothing that anybody hears."""

    def __init__(self) -> None:
        self._voices: dict[str, bytearray] = {}
        self._silent: set[str] = set()

    def join(self, who: str, *, listens: bool = False) -> None:
        """One more; ``listens``: and is not heard."""
        self._voices[who] = bytearray()
        if listens:
            self._silent.add(who)

    def leave(self, who: str) -> None:
        """One less."""
        self._voices.pop(who, None)
        self._silent.discard(who)

    def hear(self, who: str, pcm: bytes) -> None:
        """More of a voice."""
        if who in self._voices and who not in self._silent:
            voice = self._voices[who]
            voice += pcm
            if len(voice) > _MOST_BEHIND:
                del voice[: len(voice) - _MOST_BEHIND]

    def beat(self) -> dict[str, bytes]:
        """What each hears in the next 20 ms."""
        spoken = {}
        for who, voice in self._voices.items():
            spoken[who] = from_bytes(bytes(voice[:FRAME]).ljust(FRAME, b"\0")).astype(np.int32)
            del voice[:FRAME]
        together = sum(spoken.values(), np.zeros(FRAME // 2, np.int32))
        return {
            who: np.clip(together - own, -32768, 32767).astype("<i2").tobytes()
            for who, own in spoken.items()
        }
