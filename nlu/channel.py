"""The one channel into Rasa: the gateway's, over HTTP on loopback.

``POST /webhooks/gateway/webhook`` takes ``{"sender","text","channel","metadata"}`` and answers
``{"messages": [...]}``, what the dialogue said in order, or status 500 with nothing: a failure
is never mistaken for silence. The output channel carries the caller's channel as its name, so the
domain can hold wording for one channel alone (``channel: phone``).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

# What the understanding calls the fields of the report form.
EXPECTED = {
    "matter": "what",
    "place": "where",
    "time": "when",
    "party": "who",
    "confirmed": "confirm",
}


class ChannelOutput(CollectingOutputChannel):
    """Collects what is said, under the name of the caller's channel."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        """The caller's channel: phone, wechat, web."""
        return self._channel


class GatewayChannel(InputChannel):
    """Loaded by ``credentials.yml``."""

    @classmethod
    def name(cls) -> str:
        """The part of the address that names this channel."""
        return "gateway"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two addresses: health and webhook."""
        gateway = Blueprint("gateway_webhook", __name__.replace(".", "_"))

        @gateway.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @gateway.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            call = request.json
            metadata: dict[str, Any] = dict(call.get("metadata") or {})
            metadata["expected"] = await _expected(request, call["sender"], call["text"])
            collected = ChannelOutput(call["channel"])
            await on_new_message(
                UserMessage(
                    call["text"],
                    collected,
                    call["sender"],
                    input_channel=call["channel"],
                    metadata=metadata,
                )
            )
            return response.json({"messages": collected.messages})

        return gateway


async def _expected(request: Request, sender: str, text: str) -> str | None:
    """What was asked last, so that a bare "陈" or "一三八…" is read as its answer: a field of the
    report form, or what decides between entries where the text holds one of its words."""
    tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
    if tracker is None:
        return None
    if tracker.active_loop_name is None:
        pending = tracker.get_slot("pending") or {}
        return "attribute" if any(word in text for word in pending.get("words", ())) else None
    asked: str = tracker.get_slot("requested_slot") or ""
    return EXPECTED.get(asked, asked) or None
