"""The one place that reads the wall clock. Rules get times passed in."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time now, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)
