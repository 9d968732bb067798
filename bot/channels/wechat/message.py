"""What WeChat pushes, read from its XML or JSON.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html

Messages are told apart by MsgId, events by FromUserName and CreateTime, as the pages above ask.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from bot.rules.errors import Rejected
from bot.rules.wechat import Action

OPENID_CHARACTERS = 64
VALUE_CHARACTERS = 8_000
MESSAGES = frozenset(
    {"text", "image", "voice", "miniprogrampage", "location", "video", "shortvideo", "link", "file"}
)
EVENTS: Mapping[str, Action] = {
    "user_enter_tempsession": Action.ENTER,
    "subscribe": Action.SUBSCRIBE,
    "click": Action.MENU,
}
KEPT = (
    "Content",
    "PicUrl",
    "MediaId",
    "Format",
    "Recognition",
    "Title",
    "PagePath",
    "Label",
    "EventKey",
    "trace_id",
    "result",
)


@dataclass(frozen=True)
class Received:
    """One push. ``kind`` is the MsgType, or the Event in lower case; ``action`` what the caller
    did by it, None where it is not the caller's doing."""

    key: str
    openid: str
    kind: str
    action: Action | None
    facts: Mapping[str, Any]


def fields(body: bytes) -> dict[str, Any]:
    """The fields of a pushed body, XML or JSON. Rejected (``malformed``) when it is neither."""
    try:
        if body.lstrip()[:1] == b"<":
            root = fromstring(body, forbid_dtd=True)
            return {child.tag: _value(child) for child in root}
        found = json.loads(body)
    except (DefusedXmlException, ParseError, ValueError, RecursionError, LookupError):
        raise Rejected("neither XML nor JSON of ours", code="malformed", field="body") from None
    if not isinstance(found, dict):
        raise Rejected("not an object", code="malformed", field="body")
    return found


def _value(element: Element) -> Any:
    """Text, or the fields of what has fields of its own."""
    return {child.tag: child.text or "" for child in element} or element.text or ""


def read(account: str, found: Mapping[str, Any]) -> Received | None:
    """The push in its fields; None for what nobody here waits for.

    Rejected (``malformed``) when sender, time or number are missing.
    """
    openid = str(found.get("FromUserName", ""))
    created = str(found.get("CreateTime", ""))
    if not 0 < len(openid) <= OPENID_CHARACTERS or not created.isdigit():
        raise Rejected("no sender or no time", code="malformed", field="FromUserName")
    kind = str(found.get("MsgType", ""))
    action: Action | None = None
    if kind == "event":
        kind = str(found.get("Event", "")).lower()
        action = EVENTS.get(kind)
        if action is None and kind not in ("wxa_media_check", "unsubscribe"):
            return None
        named: tuple[str, ...] = ("event", openid, created, kind, str(found.get("trace_id", "")))
    elif kind in MESSAGES:
        action = Action.MESSAGE
        number = str(found.get("MsgId", ""))
        if not number.isdigit():
            raise Rejected("no number", code="malformed", field="MsgId")
        named = ("message", number)
    else:
        return None
    facts = {name: found[name] for name in KEPT if found.get(name)}
    if len(json.dumps(facts)) > VALUE_CHARACTERS * 6:
        raise Rejected("too long", code="malformed", field="Content")
    key = sha256("\n".join((account, *named)).encode()).hexdigest()
    return Received(key, openid, kind, action, facts)
