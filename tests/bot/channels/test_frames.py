"""What a page may send: every frame is read, everything else refused by name."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import frames
from bot.rules.errors import Rejected

ID = "a" * 32


@pytest.mark.parametrize(
    ("message", "frame"),
    [
        ({"type": "hello"}, frames.Hello(None, 0)),
        ({"type": "hello", "session": "t", "after": 3}, frames.Hello("t", 3)),
        ({"type": "say", "id": ID, "text": " 灯 "}, frames.Say(ID, "灯", False)),
        ({"type": "say", "id": ID, "text": "a\x00\u202eb\n\x1b"}, frames.Say(ID, "ab", False)),
        ({"type": "say", "id": ID, "text": "灯", "spoken": True}, frames.Say(ID, "灯", True)),
        (
            {"type": "audio", "id": ID, "mime": "audio/webm;codecs=opus", "seconds": 3},
            frames.Audio(ID, "audio/webm;codecs=opus", 3.0),
        ),
        ({"type": "speak", "seq": 2}, frames.Speak(2)),
    ],
)
def test_read(message, frame):
    assert frames.read(json.dumps(message)) == frame


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ("", "frame_malformed", None),
        ("[" * 100_000, "frame_malformed", None),
        ("[]", "frame_malformed", None),
        ({"type": "shout"}, "frame_malformed", "type"),
        ({"type": ["say"]}, "frame_malformed", "type"),
        ({"type": "hello", "session": 7}, "session_forged", "session"),
        ({"type": "hello", "after": -1}, "frame_malformed", "after"),
        ({"type": "hello", "after": True}, "frame_malformed", "after"),
        ({"type": "say", "id": "../x", "text": "a"}, "frame_malformed", "id"),
        ({"type": "say", "id": ID}, "frame_malformed", "text"),
        ({"type": "say", "id": ID, "text": ""}, "text_empty", "text"),
        ({"type": "say", "id": ID, "text": "\x00\u200b\x07"}, "text_empty", "text"),
        ({"type": "say", "id": ID, "text": "a" * 2_001}, "text_too_long", "text"),
        ({"type": "say", "id": ID, "text": "a" * 100_000}, "text_too_long", "text"),
        (
            {"type": "audio", "id": ID, "mime": "text/plain", "seconds": 1},
            "audio_unreadable",
            "mime",
        ),
        ({"type": "audio", "id": ID, "mime": "audio/wav"}, "frame_malformed", "seconds"),
        (
            {"type": "audio", "id": ID, "mime": "audio/wav", "seconds": 3600},
            "audio_too_long",
            "seconds",
        ),
        (
            '{"type":"audio","id":"aaaaaaaa","mime":"audio/wav","seconds":NaN}',
            "frame_malformed",
            "seconds",
        ),
        ({"type": "speak", "seq": "1"}, "frame_malformed", "seq"),
    ],
)
def test_refused(message, code, field):
    text = message if isinstance(message, str) else json.dumps(message)
    with pytest.raises(Rejected) as refused:
        frames.read(text)
    assert (refused.value.code, refused.value.field) == (code, field)


@given(
    st.text(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda child: (
            st.dictionaries(
                st.sampled_from(
                    ["type", "id", "text", "seq", "after", "session", "mime", "seconds"]
                ),
                child,
            )
            | st.lists(child, max_size=3)
        ),
    ).map(json.dumps)
)
def test_anything_is_read_or_refused(message):
    with suppress(Rejected):
        assert isinstance(frames.read(message), frames.Frame)
    assert isinstance(frames.about(message), dict)
