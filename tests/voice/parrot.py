"""A recogniser that says what it was told to, for what is tested around it."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from voice.audio import Floats
from voice.stt import Guess, Model, Recognizer


class Parrot(Recognizer):
    """``guess`` for every sound, once it is ``free``; remembers how many came in each batch."""

    def __init__(self, text: str = "楼下半夜施工", seconds: float = 0.0) -> None:
        self.model = Model("parrot", str(Path("parrot")), demonstration=True, note="for tests")
        self.guess = Guess(text, 0.9, 0.0)
        self.seconds = seconds
        self.batches: list[int] = []
        self.busy = threading.Lock()
        self.free = threading.Event()
        self.free.set()

    def transcribe(
        self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
    ) -> list[Guess]:
        assert self.busy.acquire(blocking=False), "two threads at once"
        try:
            time.sleep(self.seconds)
            self.free.wait(60)
            self.batches.append(len(sounds))
            if self.guess.text == "break":
                raise RuntimeError("out of memory")
            return [self.guess] * len(sounds)
        finally:
            self.busy.release()
