"""The ladder of silence: asked once, again louder and shorter, a call-back, good-bye. Pure."""

from dataclasses import dataclass

STEPS = ("still_there", "still_there_again", "callback", "goodbye")
QUEUE_SECONDS = 20.0


@dataclass
class Ladder:
    """Counts how long the caller has said nothing while it was their turn."""

    step_seconds: float = 7.0
    queueing: bool = False  # who waits for a person need not speak
    _since: float | None = None
    _step: int = 0

    def wait(self, now: float) -> None:
        """It is the caller's turn from now on."""
        self._since = now

    def stop(self) -> None:
        """It is not their turn, or they speak."""
        self._since = None

    def reset(self) -> None:
        """They said something: begin at the bottom next time."""
        self._since, self._step = None, 0

    def due(self, now: float) -> str | None:
        """The name of the phrase to say now."""
        patience = QUEUE_SECONDS if self.queueing else self.step_seconds
        if self._since is None or now - self._since < patience:
            return None
        self._since = None
        if self.queueing:
            return "queue"
        name = STEPS[min(self._step, len(STEPS) - 1)]
        self._step += 1
        return name
