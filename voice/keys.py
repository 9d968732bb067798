"""Keys of the phone: 0 is a person, the rest may be a number keyed in. Pure."""

from dataclasses import dataclass

LONGEST = 30  # keys; more is no number


@dataclass
class Keypad:
    """Collects keys until ``#``, or until no key came for a while; ``single``: one is an answer."""

    pause_seconds: float = 2.0
    single: bool = False
    keyed: str = ""
    _last_at: float = 0.0

    def press(self, key: str, now: float) -> str | None:
        """What is complete now: ``0`` by itself at once, a number at ``#``; else None."""
        self._last_at = now
        if key == "#":
            return self._take()
        if key == "0" and not self.keyed:
            return "0"
        if self.single and key.isdigit() and not self.keyed:
            return key
        if key.isdigit() and len(self.keyed) < LONGEST:
            self.keyed += key
        return None

    def wait(self, now: float) -> str | None:
        """The number when the caller has stopped keying."""
        if self.keyed and now - self._last_at >= self.pause_seconds:
            return self._take()
        return None

    def _take(self) -> str | None:
        keyed, self.keyed = self.keyed, ""
        return keyed or None
