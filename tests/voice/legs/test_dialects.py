"""What peers of a WebSocket send: each dialect read, and nonsense of any shape refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import Rejected
from voice.audio import to_law
from voice.legs.dialects import L16, Asterisk, Dialect, Frame, Started, Stopped, Twilio
from voice.signals import KeyPressed

JSON = st.sampled_from([None, True, 0, 8000, 96_000, 1e400, "", "x", "8000", "slin16", [], [1], {}])
NAMES = (
    "format", "channel_variables", "CALLUUID", "CALLER", "digit", "dtmf", "start", "media",
    "payload", "mediaFormat", "sampleRate", "customParameters", "call", "caller", "streamSid",
)  # fmt: skip
EVENTS = ("MEDIA_START", "DTMF_END", "start", "media", "dtmf", "stop", "hangup", "connected")
PARTS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), JSON | PARTS, max_size=4)


@given(st.sampled_from([Asterisk, Twilio, L16]), st.sampled_from(EVENTS), OBJECTS)
def test_whatever_is_said_is_understood_or_refused(
    kind: type[Any], event: str, data: dict[str, Any]
) -> None:
    spoken: Dialect = kind()
    try:
        found = spoken.read(json.dumps({"event": event, **data}))
    except Rejected as refused:
        found = []
        codes = {refused.code}
    else:
        codes = set()
    assert codes <= {"bad_frame", "bad_rate"}
    for each in found:
        assert isinstance(each, Started | Stopped | Frame | KeyPressed)
        if isinstance(each, Started):
            assert isinstance(each.call_id, str | None)
            assert isinstance(each.caller, str | None)


@pytest.mark.parametrize("message", ["", "[]", "1", "{", "[" * 999, b"\0" * 64_001])
@pytest.mark.parametrize("spoken", [Asterisk(), Twilio(), L16()])
def test_what_is_neither_sound_nor_an_object(spoken: Dialect, message: str | bytes) -> None:
    with pytest.raises(Rejected):
        spoken.read(message)


def test_twilio_from_its_start_to_its_stop() -> None:
    spoken = Twilio()
    start = {"mediaFormat": {"sampleRate": 8000}, "customParameters": {"call": "x", "caller": "1"}}
    [begun] = spoken.read(json.dumps({"event": "start", "streamSid": "MZ", "start": start}))
    assert begun == Started("x", "1")
    law = to_law(bytes(320), "ulaw")
    media = {"event": "media", "media": {"payload": base64.b64encode(law).decode()}}
    [frame] = spoken.read(json.dumps(media))
    assert isinstance(frame, Frame)
    assert len(frame.pcm) == 320
    assert json.loads(spoken.sound(bytes(320)))["streamSid"] == "MZ"
    assert spoken.read(json.dumps({"event": "stop"})) == [Stopped()]


@pytest.mark.parametrize(
    "start",
    [
        {"mediaFormat": {"sampleRate": 96_000}},
        {"mediaFormat": {"sampleRate": [8000]}},
        {"mediaFormat": "ulaw"},
        {"customParameters": ["call"]},
        "begin",
    ],
)
def test_a_start_that_is_none(start: object) -> None:
    with pytest.raises(Rejected):
        Twilio().read(json.dumps({"event": "start", "start": start}))


def test_a_call_named_by_no_text_is_not_named() -> None:
    [begun] = Twilio().read(
        json.dumps({"event": "start", "start": {"customParameters": {"call": [1]}}})
    )
    assert begun == Started(None, None)
