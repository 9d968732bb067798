"""What the desk's handlers need, and how they get at it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.attendance import Attendance
from bot.clock import Clock
from bot.console.access import Access, Seat
from bot.console.board import Board
from bot.console.presence import Presence
from bot.console.shelf import Shelf
from bot.desk import Desk
from bot.live import Live
from bot.rules.errors import Rejected
from bot.store import Store
from knowledge_base import loading
from knowledge_base.vectors import Vectors


@dataclass(frozen=True)
class Console:
    """One per gateway."""

    desk: Desk
    store: Store
    live: Live
    access: Access
    presence: Presence
    board: Board
    attendance: Attendance
    shelf: Shelf
    clock: Clock
    reviewed: bool = False  # is a change of the knowledge base read by a second editor first


def open_console(
    desk: Desk,
    store: Store,
    live: Live,
    clock: Clock,
    *,
    second_factor: bool = False,
    entries: Path | None = None,
    vectors: Vectors | None = None,
    reviewed: bool = False,
) -> Console:
    """The desk's parts over the hotline's. ``entries``: the folder; the product's if none.
    ``vectors``: of the encoder that callers' questions are searched with, if any."""
    attendance = Attendance(live, store, clock)
    presence = Presence(attendance, store, desk)
    return Console(
        desk,
        store,
        live,
        Access(store, live, clock, second_factor=second_factor),
        presence,
        Board(desk, store, live, attendance),
        attendance,
        Shelf(entries or loading.ENTRIES, vectors),
        clock,
        reviewed,
    )


CONSOLE = web.AppKey("console", Console)
SEAT = web.RequestKey("seat", Seat)


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object a page sent. Rejected: ``body_malformed``."""
    try:
        told = await request.json()
    except (ValueError, RecursionError):
        raise Rejected("the body is not JSON", code="body_malformed") from None
    if not isinstance(told, dict):
        raise Rejected("the body is not a JSON object", code="body_malformed")
    return told


def word(told: dict[str, Any], field: str, *, most: int = 200, default: str | None = None) -> str:
    """A string of the body. Rejected: ``field_missing``, ``field_too_long``."""
    value = told.get(field, default)
    if not isinstance(value, str):
        raise Rejected(f"{field} is missing or not text", code="field_missing", field=field)
    if len(value) > most:
        raise Rejected(f"{field} is too long", code="field_too_long", field=field)
    return value.replace("\x00", "")


def number(told: dict[str, Any], field: str) -> int | None:
    """A whole number of the body, or None. Rejected: ``field_malformed``."""
    value = told.get(field)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Rejected(f"{field} is not a whole number", code="field_malformed", field=field)
    return value


def truth(told: dict[str, Any], field: str) -> bool:
    """A yes or no of the body. Rejected: ``field_missing``."""
    value = told.get(field)
    if not isinstance(value, bool):
        raise Rejected(f"{field} is not true or false", code="field_missing", field=field)
    return value


def choice(told: dict[str, Any], field: str, of: type[Enum]) -> str:
    """One of the values of an Enum. Rejected: ``field_malformed``."""
    value = word(told, field, most=32)
    if value not in {one.value for one in of}:
        raise Rejected(f"{field}: no such value", code="field_malformed", field=field)
    return value


def whole(text: str, field: str, most: int) -> int:
    """A whole number of an address or a query, at most ``most``. Rejected: ``field_malformed``."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Rejected(f"{field} is not a whole number", code="field_malformed", field=field)
    return min(int(text), most)
