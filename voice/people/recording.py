"""One recording of a call that several hold, one after the other."""

from collections.abc import Callable
from dataclasses import replace

from bot.recordings import RATE, Words
from voice.recorder import Sink


class Recording:
    """``record`` says where a call's recording goes, if it is recorded.

    A `Sink` for each holder: the places of their words are told from their own beginning, and
    their end is not the recording's. Who does not want to be recorded is not, whoever holds.
    """

    def __init__(self, record: Callable[[str], Sink | None]) -> None:
        self._record = record
        self._begun = False
        self._sink: Sink | None = None
        self._bytes = 0
        self._from = 0.0

    def part(self, session: str) -> Sink | None:
        """For whoever holds the call from now on; None where it is not recorded."""
        if not self._begun:
            self._begun, self._sink = True, self._record(session)
        self._from = self._bytes / (2 * RATE)
        return None if self._sink is None else self

    def sound(self, law: bytes) -> None:
        if self._sink is not None:
            self._sink.sound(law)
            self._bytes += len(law)

    def words(self, said: Words) -> None:
        if self._sink is not None:
            self._sink.words(replace(said, at=round(said.at + self._from, 2)))

    def close(self) -> None:
        """A holder's end."""

    def discard(self) -> None:
        if self._sink is not None:
            self._sink.discard()
            self._sink = None

    def end(self) -> None:
        """The call is over."""
        if self._sink is not None:
            self._sink.close()
            self._sink = None
