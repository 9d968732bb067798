"""Spoken sentences kept by content, voice and speed: on disk as mp3, the latest in memory."""

import hashlib
import os
from collections import OrderedDict
from pathlib import Path

from bot.rules.errors import Unavailable
from voice.audio import Samples
from voice.tts import Mp3Stream

_FORM = "1"  # changes when what is stored changes


class SoundCache:
    """A folder of mp3 files and the sound of those used last."""

    def __init__(self, folder: Path, *, in_memory: int = 300) -> None:
        self._folder = folder
        self._most = in_memory
        self._sounds: OrderedDict[str, Samples] = OrderedDict()
        folder.mkdir(parents=True, exist_ok=True)

    @staticmethod
    def key(sentence: str, voice: str, speed: float) -> str:
        """The name under which a sentence is kept."""
        text = "\n".join((_FORM, voice, f"{speed:.2f}", sentence))
        return hashlib.sha256(text.encode()).hexdigest()

    def get(self, key: str) -> Samples | None:
        """16 kHz sound, or None. A file that cannot be read is thrown away."""
        if key in self._sounds:
            self._sounds.move_to_end(key)
            return self._sounds[key]
        path = self._folder / f"{key}.mp3"
        try:
            samples = Mp3Stream().decode(path.read_bytes(), last=True)
        except FileNotFoundError:
            return None
        except (OSError, Unavailable):
            path.unlink(missing_ok=True)
            return None
        self._remember(key, samples)
        return samples

    def has(self, key: str) -> bool:
        """Whether it is kept, without reading it."""
        return key in self._sounds or (self._folder / f"{key}.mp3").is_file()

    def put(self, key: str, mp3: bytes) -> None:
        """Keep a whole sentence; a full disk only costs the saving."""
        path = self._folder / f"{key}.mp3"
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            draft.write_bytes(mp3)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)

    def _remember(self, key: str, samples: Samples) -> None:
        self._sounds[key] = samples
        while len(self._sounds) > self._most:
            self._sounds.popitem(last=False)
