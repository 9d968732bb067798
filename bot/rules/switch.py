"""开关: what a supervisor may switch while the hotline runs, within which bounds. Pure.

A setting counts until its ``until``; after that the switch is back at its usual position by
itself. Values come from people: everything is checked against ``KNOWN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.rules.errors import Rejected

Value = bool | int | str

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Switch:
    """What it is usually, and what it may be: a truth, a number of a range, or a text so long."""

    usual: Value
    least: int = 0
    most: int = 0

    def checked(self, value: object) -> Value:
        """The value, of the usual one's type and in its bounds. Rejected: ``value``."""
        if isinstance(self.usual, bool):
            right = isinstance(value, bool)
        elif isinstance(self.usual, int):
            right = isinstance(value, int) and not isinstance(value, bool)
            right = right and self.least <= value <= self.most  # type: ignore[operator]
        else:
            right = isinstance(value, str) and len(value) <= self.most and "\x00" not in value
        if not right:
            raise Rejected("not a value of this switch", code="out_of_range", field="value")
        return value  # type: ignore[return-value]


KNOWN: Mapping[str, Switch] = MappingProxyType(
    {
        "machine.phone": Switch(True),
        "machine.web": Switch(True),
        "machine.wechat": Switch(True),
        "announcement": Switch("", most=200),
        "misunderstandings": Switch(2, least=1, most=5),
        "chats_at_once": Switch(5, least=1, most=20),
        "wrap_up_seconds": Switch(60, least=0, most=600),
    }
)


@dataclass(frozen=True)
class Setting:
    """A switch as somebody set it. ``until`` None: until it is set again."""

    name: str
    value: Value
    by: str
    reason: str
    at: datetime
    until: datetime | None = None


def checked(setting: Setting) -> Setting:
    """The setting. Rejected, naming the field: unknown, out of range, no reason, an end that is
    past or too far."""
    if setting.name not in KNOWN:
        raise Rejected("no such switch", code="unknown", field="name")
    KNOWN[setting.name].checked(setting.value)
    if not setting.reason.strip():
        raise Rejected("say why", code="missing", field="reason")
    if setting.until is not None and not setting.at < setting.until <= setting.at + LONGEST:
        raise Rejected("an end within 31 days from now", code="out_of_range", field="until")
    return setting


def standing(settings: Iterable[Setting], at: datetime) -> dict[str, Value]:
    """What every switch is now, from the last setting of each."""
    now: dict[str, Value] = {name: switch.usual for name, switch in KNOWN.items()}
    for setting in settings:
        if setting.name in now and (setting.until is None or setting.until > at):
            now[setting.name] = setting.value
    return now
