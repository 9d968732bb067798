"""The gateway's side of the wire to Rasa: an utterance there, what was said back.

Rasa's channel answers with messages in the order they were said. A message is a text with buttons,
or ``custom``: marks for us (``outcome``, ``spoken``, ``card``, ``next``, facts) that belong to the
text before them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from bot.rules.errors import Unavailable
from bot.rules.session import Button, Next, Reply, Status, Utterance

WEBHOOK = "/webhooks/gateway/webhook"
# Of several things said to one utterance (an answer, then the form's question again) the first
# that is not one of these names the outcome.
WEAK = (Status.GREETED, Status.ASKED, Status.CLARIFIED)


@dataclass(frozen=True)
class Said:
    """What the dialogue said to one utterance. ``facts`` are its marks, merged."""

    replies: tuple[Reply, ...] = ()
    status: Status = Status.GREETED
    next: Next = Next.LISTEN
    facts: dict[str, Any] = field(default_factory=dict)


class Dialogue:
    """Rasa, by URL. ``seconds`` is the deadline of one utterance."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(1.0, seconds))
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, utterance: Utterance) -> Said:
        """What the dialogue says. Raises Unavailable, and TimeoutError past the deadline."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        call = {
            "sender": utterance.session_id,
            "text": utterance.text,
            "channel": utterance.channel.value,
            "metadata": {"utterance": utterance.id, "caller": utterance.caller},
        }
        try:
            async with self._session.post(self._url + WEBHOOK, json=call) as answer:
                if answer.status != 200:
                    raise Unavailable(f"Rasa answered {answer.status}")
                return read(json.loads(await answer.read())["messages"])
        except TimeoutError:
            raise
        except (aiohttp.ClientError, ValueError, LookupError, TypeError, OSError) as error:
            raise Unavailable(f"Rasa: {type(error).__name__}") from error


def read(messages: Sequence[dict[str, Any]]) -> Said:
    """The replies and the marks in what Rasa's channel collected."""
    replies: list[Reply] = []
    statuses: list[Status] = []
    facts: dict[str, Any] = {}
    for message in messages:
        if text := message.get("text"):
            buttons = tuple(Button(b["title"], b["payload"]) for b in message.get("buttons", ()))
            replies.append(Reply(text, buttons=buttons))
        marks = dict(message.get("custom") or {})
        if "outcome" in marks:
            statuses.append(Status(marks.pop("outcome")))
        reply_marks = {k: marks.pop(k) for k in ("spoken", "card", "interruptible") if k in marks}
        if replies and reply_marks:
            replies[-1] = replace(replies[-1], **reply_marks)
        facts |= marks
    status = next((s for s in statuses if s not in WEAK), statuses[-1] if statuses else None)
    return Said(
        replies=tuple(replies),
        status=status or Status.GREETED,
        next=Next(facts.pop("next", Next.LISTEN.value)),
        facts=facts,
    )
