"""One figure of a benchmark: what was measured, beside its peer and its goal."""

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Measurement:
    """A line of ``./hotline bench``. ``goal`` is met from above (``>=``) or below (``<=``)."""

    measure: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    goal: float | None = None
    better: Literal["higher", "lower"] = "higher"

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "higher" else self.value <= self.goal

    def row(self) -> dict[str, Any]:
        """The line as ``--json`` prints it."""
        return {k: v for k, v in asdict(self).items() if k != "better"} | {"met": self.met}
