"""The local voice: espeak-ng in this process, by ctypes on ``espeakng-loader``'s library.

Robotic but intelligible, and at hand on every machine: the voice for when the outside one is
away, the speech in tests, and the only speaker that the demonstration model has ever heard.

espeak-ng keeps one voice a process, so every synthesis holds one lock. The library is under
the GPL-3: nothing else of the product may depend on it being there.
"""

import ctypes
import threading
from ctypes import CFUNCTYPE, POINTER, c_char, c_char_p, c_int, c_short, c_uint, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Any

import espeakng_loader
import numpy as np
import numpy.typing as npt

from bot.rules.errors import Rejected, Unavailable

# speak_lib.h of espeak-ng 1.52
_RETRIEVAL = 1
_DONT_EXIT = 0x8000
_UTF8 = 1
_WORD, _LIST_TERMINATED = 1, 0
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7

_LOCK = threading.Lock()


@dataclass(frozen=True)
class Event:
    """A word begins: where in the text, and when.

    In Mandarin and Cantonese mostly a character; a few pairs (你好, 谢谢) come as one word.
    """

    text_position: int  # index of its first character
    sample: int  # where its sound begins


@dataclass(frozen=True)
class Speech:
    """Sound: mono int16 ``samples`` at ``rate`` Hz, and the words in it in order."""

    samples: npt.NDArray[np.int16]
    rate: int
    events: tuple[Event, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", c_char * 8),
    )


_Callback = CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


class _Library:
    """The loaded library and what it said since the last ``clear``."""

    def __init__(self) -> None:
        try:
            self.library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path()
        except (OSError, RuntimeError) as error:
            raise Unavailable(f"espeak-ng: {error}") from error
        self.library.espeak_Synth.argtypes = (
            c_char_p, ctypes.c_size_t, c_uint, c_int, c_uint, c_uint, c_void_p, c_void_p,
        )  # fmt: skip
        self.rate: int = self.library.espeak_Initialize(_RETRIEVAL, 0, data.encode(), _DONT_EXIT)
        if self.rate <= 0:
            raise Unavailable("espeak-ng: its data cannot be read")
        self.voice = ""
        self.clear()
        self.callback = _Callback(self._hear)  # kept: the library holds only the address
        self.library.espeak_SetSynthCallback(self.callback)

    def clear(self) -> None:
        self.chunks: list[npt.NDArray[np.int16]] = []
        self.events: list[Event] = []

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self.chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _LIST_TERMINATED:
            event = events[index]
            if event.type == _WORD:
                self.events.append(Event(event.text_position - 1, event.sample))
            index += 1
        return 0

    def set_voice(self, voice: str) -> None:
        if voice != self.voice:
            if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise Rejected(f"espeak-ng has no voice {voice!r}")
            self.voice = voice


@cache
def _library() -> _Library:
    return _Library()


def synthesize(
    text: str,
    voice: str = "cmn",
    rate: int = 190,
    pitch: int = 50,
    pitch_range: int = 50,
    word_gap: int = 0,
) -> Speech:
    """``text`` as sound.

    ``voice``: a language (``cmn`` Mandarin, ``yue`` Cantonese), with a variant after ``+``
    where wanted (``cmn+f3``). ``rate``: words a minute, 80 to 450. ``pitch``, ``pitch_range``:
    0 to 100. ``word_gap``: pause between words in 10 ms. Numbers must be spelled in
    characters beforehand (`spell`): espeak-ng reads long ones as broken cardinals.

    Raises `Rejected` for a voice or a text that espeak-ng does not take, `Unavailable` when
    the library cannot be loaded.
    """
    if "\0" in text:
        raise Rejected("text: a zero character cannot be spoken")
    with _LOCK:
        library = _library()
        library.set_voice(voice)
        for parameter, value in (
            (_RATE, rate),
            (_VOLUME, 100),
            (_PITCH, pitch),
            (_RANGE, pitch_range),
            (_WORD_GAP, word_gap),
        ):
            library.library.espeak_SetParameter(parameter, value, 0)
        library.clear()
        if not text.strip():
            return Speech(np.zeros(0, np.int16), library.rate, ())
        data = text.encode() + b"\0"
        if library.library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None) != 0:
            raise Rejected("text: espeak-ng did not take it")
        library.library.espeak_Synchronize()
        chunks = library.chunks or [np.zeros(0, np.int16)]
        return Speech(np.concatenate(chunks), library.rate, tuple(library.events))
