"""The words every channel shares: session, utterance, reply, outcome.

Pure data, standard library only, Python 3.10 syntax (Rasa's environment imports it too).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Channel(str, Enum):
    """渠道: where a caller comes from."""

    PHONE = "phone"
    WECHAT = "wechat"
    WEB = "web"


class Speaker(str, Enum):
    """Who said a turn."""

    CALLER = "caller"
    BOT = "bot"
    AGENT = "agent"


class Handler(str, Enum):
    """Who has the session. From the instant it is AGENT no word of the machine goes out."""

    BOT = "bot"
    WAITING = "waiting"  # handed off, no agent yet: the machine may still answer
    AGENT = "agent"
    ENDED = "ended"


class Status(str, Enum):
    """The name of what became of an utterance; stored with the turn and counted."""

    GREETED = "greeted"  # the opening sentence, thanks, small talk
    ANSWERED = "answered"  # from the knowledge base
    CLARIFIED = "clarified"  # asked back: which of these, or please say it again
    ASKED = "asked"  # a question of the report form
    TICKET_OPENED = "ticket_opened"
    TICKET_TOLD = "ticket_told"  # the state of a ticket
    URGED = "urged"
    WITHDRAWN = "withdrawn"
    RATED = "rated"
    REFERRED = "referred"  # another body's matter, its door named
    EMERGENCY = "emergency"  # police, fire, medical
    CRISIS = "crisis"  # life in danger, an intention to die
    HANDED_OFF = "handed_off"
    WITH_AGENT = "with_agent"  # an agent has the session; passed on
    WARNED = "warned"  # abuse
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    REJECTED = "rejected"  # bad input; nothing changed


class Next(str, Enum):
    """What the channel does after the replies."""

    LISTEN = "listen"
    AGENT = "agent"
    HANG_UP = "hang_up"


@dataclass(frozen=True)
class Utterance:
    """话语: one thing a caller said, on any channel.

    ``id`` is made by the channel and unique in the session: the same id twice is the same
    utterance and gets the same outcome. ``heard_at`` is timezone-aware.
    """

    id: str
    session_id: str
    text: str
    channel: Channel
    heard_at: datetime
    caller: str | None = None  # the calling number, or the channel's own id of the person
    confidence: float | None = None  # of speech recognition, 0..1
    spoken: bool = False  # came in as speech


@dataclass(frozen=True)
class Button:
    """A quick reply: what it shows, and what the caller says by pressing it."""

    title: str
    say: str


@dataclass(frozen=True)
class Reply:
    """One reply: written form, spoken form where it differs, buttons, and a card for a page."""

    text: str
    spoken: str | None = None
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    interruptible: bool = True


@dataclass(frozen=True)
class Outcome:
    """处理结果: what the channel gets back for an utterance."""

    utterance_id: str
    status: Status
    replies: tuple[Reply, ...] = ()
    next: Next = Next.LISTEN
    ticket_no: str | None = None
    referral: str | None = None  # the number of the door named
    facts: dict[str, Any] = field(default_factory=dict)  # decision, entry, handoff id: for the desk


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as it is stored with its turn."""
    return {
        "utterance_id": outcome.utterance_id,
        "status": outcome.status.value,
        "replies": [reply_to_json(reply) for reply in outcome.replies],
        "next": outcome.next.value,
        "ticket_no": outcome.ticket_no,
        "referral": outcome.referral,
        "facts": outcome.facts,
    }


def outcome_from_json(stored: dict[str, Any]) -> Outcome:
    """The outcome as it was stored."""
    return Outcome(
        utterance_id=stored["utterance_id"],
        status=Status(stored["status"]),
        replies=tuple(reply_from_json(reply) for reply in stored["replies"]),
        next=Next(stored["next"]),
        ticket_no=stored["ticket_no"],
        referral=stored["referral"],
        facts=stored["facts"],
    )


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """The reply as it is stored with its turn and sent to pages."""
    return {
        "text": reply.text,
        "spoken": reply.spoken,
        "buttons": [{"title": button.title, "say": button.say} for button in reply.buttons],
        "card": reply.card,
        "interruptible": reply.interruptible,
    }


def reply_from_json(stored: dict[str, Any]) -> Reply:
    """The reply as it was stored."""
    return Reply(
        text=stored["text"],
        spoken=stored["spoken"],
        buttons=tuple(Button(b["title"], b["say"]) for b in stored["buttons"]),
        card=stored["card"],
        interruptible=stored["interruptible"],
    )
