"""微信客服消息: how much may be sent to a caller, and what fits into it. Pure.

What a caller does opens a window of so many messages for so long; the counts are not added up,
each action lifts the window to its own size:
https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html
https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Messages.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

from bot.rules.session import Handler

TEXT_BYTES = 2048  # of one text message; more is error 45002
JOINT = "\n\n"
IDLE = timedelta(hours=12)  # after so long a silence a caller begins a new session
LONGEST_CALL = timedelta(hours=2)
PAUSE_OF_A_CALL = timedelta(minutes=3)
TIMES_OF_DAY = (("night", 6), ("morning", 12), ("afternoon", 18), ("evening", 24))


class Action(str, Enum):
    """What a caller did."""

    MESSAGE = "message"
    ENTER = "enter"
    SUBSCRIBE = "subscribe"
    MENU = "menu"


@dataclass(frozen=True)
class Allowance:
    """How many messages an action allows, and for how long."""

    messages: int
    lasts: timedelta


ALLOWANCES: Mapping[Action, Allowance] = MappingProxyType(
    {
        Action.MESSAGE: Allowance(5, timedelta(hours=48)),
        Action.ENTER: Allowance(2, timedelta(minutes=1)),
        Action.SUBSCRIBE: Allowance(3, timedelta(minutes=1)),
        Action.MENU: Allowance(3, timedelta(minutes=1)),
    }
)


@dataclass(frozen=True)
class Window:
    """What may still be sent to one caller: ``left`` messages until ``until``."""

    left: int = 0
    until: datetime | None = None

    def open(self, at: datetime) -> int:
        """How many messages may go out now."""
        return self.left if self.until is not None and at < self.until else 0

    def lifted(self, action: Action, at: datetime) -> Window:
        """The window after the caller did something: never smaller than before."""
        allowance = ALLOWANCES[action]
        until = at + allowance.lasts
        left = self.open(at)
        if left and self.until is not None:
            until = max(until, self.until)
        return Window(max(left, allowance.messages), until)

    def spent(self) -> Window:
        """The window after one message went out."""
        return replace(self, left=max(0, self.left - 1))

    def closed(self, at: datetime) -> Window:
        """The platform said that it is over (45015)."""
        return Window(0, at)

    def exhausted(self) -> Window:
        """The platform said that the count is used up (45047)."""
        return replace(self, left=0)


@dataclass(frozen=True)
class Wait:
    """One thing that waits to be said; ``seq`` is the turn it comes from."""

    seq: int
    text: str


@dataclass(frozen=True)
class Parcel:
    """One message to send: joined texts, and the last turn that is in it."""

    text: str
    upto: int


def pack(waiting: Sequence[Wait], places: int) -> list[Parcel]:
    """What waits, joined into at most ``places`` messages, in order; the rest goes on waiting.

    One thing said is one message while there is room for all; where there is not, neighbours are
    joined. Nothing goes out in part.
    """
    pieces = [piece for wait in waiting for piece in _pieces(wait)]
    while len(pieces) > places:
        joined = _joined(pieces)
        if len(joined) == len(pieces):
            break
        pieces = joined
    taken = pieces[: max(0, places)]
    whole = {wait.seq for wait in waiting}
    while taken and taken[-1].upto not in whole:
        taken.pop()
    return taken


def _pieces(wait: Wait) -> list[Parcel]:
    """One thing said as messages; only the last of them brings the line as far as its turn."""
    *first, last = cut(wait.text) or [""]
    return [*(Parcel(part, wait.seq - 1) for part in first), Parcel(last, wait.seq)]


def _joined(pieces: list[Parcel]) -> list[Parcel]:
    """With the two neighbours joined that are shortest together and still fit one message."""
    fitting = [
        (size, index)
        for index in range(len(pieces) - 1)
        if (size := _size(pieces[index].text + JOINT + pieces[index + 1].text)) <= TEXT_BYTES
    ]
    if not fitting:
        return pieces
    _, index = min(fitting)
    one, other = pieces[index : index + 2]
    return [
        *pieces[:index],
        Parcel(one.text + JOINT + other.text, other.upto),
        *pieces[index + 2 :],
    ]


def cut(text: str) -> list[str]:
    """The text in pieces that fit one message each, cut at line ends where there are any."""
    pieces = []
    while _size(text) > TEXT_BYTES:
        fits = len(text.encode()[:TEXT_BYTES].decode(errors="ignore"))
        at = text.rfind("\n", 1, fits) + 1 or fits
        pieces.append(text[:at].rstrip("\n"))
        text = text[at:]
    return [*pieces, text] if text else pieces


def kept_back(expects_result: bool) -> int:
    """How many messages are not for talk: the last one is for a ticket's result."""
    return 1 if expects_result else 0


def goes_on(handler: Handler, last_heard_at: datetime, at: datetime) -> bool:
    """Whether a caller who writes again is in the same session still."""
    if handler in (Handler.AGENT, Handler.WAITING):
        return True
    return handler is not Handler.ENDED and at - last_heard_at < IDLE


def on_the_phone(
    handler: Handler, begun_at: datetime, last_heard_at: datetime, at: datetime
) -> bool:
    """Whether a call is still being held: nobody hangs up in the records."""
    if handler is Handler.ENDED or at - begun_at > LONGEST_CALL:
        return False
    return handler in (Handler.AGENT, Handler.WAITING) or at - last_heard_at < PAUSE_OF_A_CALL


def day_of(then: datetime, now: datetime) -> str:
    """How a moment of the last days is called: of today by the time of day, both in local time."""
    days = (now.date() - then.date()).days
    if days == 1:
        return "yesterday"
    if days != 0:
        return "date"
    return next(name for name, until in TIMES_OF_DAY if then.hour < until)


def _size(text: str) -> int:
    return len(text.encode())
