"""How we speak to this caller: in which language, what last, how fast, how loud. Pure."""

from collections.abc import Sequence

from voice.signals import Say
from voice.tongue import MANDARIN, Tongue

SLOWER, SLOWEST = 0.15, 0.6
SLOW_PER_SECOND = 2.2  # characters; people who are in no hurry say four or five
LEAST_CHARACTERS = 4  # a yes tells nothing about how somebody speaks
SLOW_TURNS = 2  # in a row, then we speak as slowly as they do
LOUDER_DB, LOUDEST_DB = 6.0, 12.0


class Mouth:
    """Numbers our utterances and remembers the last one worth repeating."""

    def __init__(self, language: str = MANDARIN) -> None:
        self.tongue = Tongue(language)
        self.last: tuple[str, ...] = ()
        self._number = 0
        self._speed, self._gain_db = 1.0, 0.0
        self._slow_turns = 0

    def say(
        self, turn: int, texts: Sequence[str], *, interruptible: bool = True, gain_db: float = 0.0
    ) -> Say:
        """An utterance in this caller's manner."""
        self._number += 1
        gain = self._gain_db + gain_db
        voice = self.tongue.voice
        return Say(self._number, turn, tuple(texts), interruptible, self._speed, gain, voice)

    def follow(self, characters: int, voiced_seconds: float) -> None:
        """How the caller speaks: to one who is slow we speak slowly without being asked."""
        if characters < LEAST_CHARACTERS or not voiced_seconds:
            return
        slow = characters / voiced_seconds < SLOW_PER_SECOND
        self._slow_turns = self._slow_turns + 1 if slow else 0
        if self._slow_turns == SLOW_TURNS:
            self.adapt("slower")

    def adapt(self, wish: str) -> None:
        """``slower`` or ``louder`` from now on; ``repeat`` changes nothing."""
        if wish == "slower":
            self._speed = max(self._speed - SLOWER, SLOWEST)
        if wish == "louder":
            self._gain_db = min(self._gain_db + LOUDER_DB, LOUDEST_DB)
