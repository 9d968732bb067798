"""How a training goes on: how long, how fast, and what is left out early on."""

import math
from dataclasses import dataclass

WARM_UP = 30  # steps
LEAST = 0.005  # of the highest rate, at the end


@dataclass(frozen=True)
class Plan:
    """A schedule by the clock. ``strides``: until this share of the time, the encoder computes
    only every so many positions of an utterance."""

    minutes: float
    rate: float  # the highest learning rate
    resumed: bool
    listen_only: float  # this share of the time the encoder learns alone
    strides: tuple[tuple[float, int], ...]
    width: int = 160
    encoder_layers: int = 3
    decoder_layers: int = 2
    last_minutes: float = 5.0  # of them: on true 30-s windows
    seed: int = 1
    worker: int = 0  # the first one keeps the weights

    def stride(self, share: float) -> int:
        """Of which positions the encoder computes one, at this share of the time."""
        return next((stride for until, stride in self.strides if share < until), 1)

    def alone(self, share: float) -> bool:
        """Whether the encoder learns alone."""
        return share < self.listen_only

    def rate_at(self, step: int, share: float) -> float:
        """The learning rate: up in a few steps, then down to nothing along a cosine."""
        warm = min(step / WARM_UP, 1.0)
        fallen = 0.5 + 0.5 * math.cos(math.pi * min(share, 1.0))
        return max(self.rate * warm * fallen, self.rate * LEAST)

    def last(self, seconds: float) -> bool:
        """Whether the time of the true windows has come."""
        return seconds > (self.minutes - self.last_minutes) * 60


def new(minutes: float, rate: float | None = None) -> Plan:
    """From nothing: first the encoder alone, first roughly."""
    strides = ((0.6, 3), (0.85, 2))
    return Plan(minutes, rate or 2.5e-3, resumed=False, listen_only=0.2, strides=strides)


def further(minutes: float, rate: float | None = None) -> Plan:
    """From kept weights: everything at once and in full, at a lower rate."""
    return Plan(minutes, rate or 1.2e-3, resumed=True, listen_only=0.0, strides=())
