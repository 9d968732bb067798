"""The chat's WebSocket over a real gateway: sessions, turns once and in order, bad input."""

import asyncio
import json
import uuid

import pytest
from aiohttp import WSMsgType

from bot.channels.connection import WAITING_UTTERANCES
from bot.channels.web import FRAME_BYTES


class Page:
    """A page's side of the WebSocket."""

    def __init__(self, socket):
        self.socket = socket
        self.token = None

    @classmethod
    async def open(cls, client, token=None, after=0):
        page = cls(await client.ws_connect("/ws/chat", max_msg_size=0))
        await page.send({"type": "hello", "session": token, "after": after})
        page.token = (await page.until("session"))["token"]
        return page

    async def send(self, frame):
        await self.socket.send_str(json.dumps(frame))

    async def say(self, text, utterance_id=None):
        utterance_id = utterance_id or uuid.uuid4().hex
        await self.send({"type": "say", "id": utterance_id, "text": text})
        return utterance_id

    async def until(self, kind, seconds=30):
        """The next frame of a kind; those before it are kept in ``before``."""
        self.before = []
        async with asyncio.timeout(seconds):
            while (frame := await self.socket.receive_json())["type"] != kind:
                self.before.append(frame)
        return frame

    async def handler(self, name, seconds=30):
        """The next frame that says that ``name`` has the session."""
        async with asyncio.timeout(seconds):
            while (frame := await self.until("handler", seconds))["handler"] != name:
                pass
        return frame

    def turns(self):
        return [(f["seq"], f["speaker"]) for f in self.before if f["type"] == "turn"]


async def test_a_report_is_heard_and_its_card_comes(client):
    page = await Page.open(client)
    greeting = await page.until("turn")
    assert (greeting["seq"], greeting["speaker"]) == (1, "bot")
    said = await page.say("灯")
    done = await page.until("done")
    assert done == {"type": "done", "id": said, "status": "ticket_opened"}
    assert page.turns() == [(2, "caller"), (3, "bot")]
    caller, bot = (f for f in page.before if f["type"] == "turn")
    assert caller["id"] == said
    assert bot["card"]["ticket_no"]


async def test_a_repeated_utterance_is_heard_once(client, chat):
    page = await Page.open(client)
    said = await page.say("a")
    await page.until("done")
    await page.say("a", said)
    await page.until("done")
    assert page.turns() == []
    assert len(chat.hearing.heard) == 1


async def test_a_page_that_comes_back_gets_what_it_missed(client, chat):
    page = await Page.open(client)
    await page.say("a")
    await page.until("done")
    await page.socket.close()
    session_id = page.token.split(".")[0]
    chat.transcript.add(session_id, "agent", "b")
    again = await Page.open(client, page.token, after=2)
    assert again.token == page.token
    await again.say("c")
    await again.until("done")
    assert again.turns() == [(3, "bot"), (4, "agent"), (5, "caller"), (6, "bot")]


async def test_two_pages_of_a_session_both_see_each_turn_once(client, chat, live):
    page = await Page.open(client)
    other = await Page.open(client, page.token)
    await page.say("a")
    await page.until("done")
    session_id = page.token.split(".")[0]
    while not await live.publish(f"session:{session_id}", {"type": "turn"}):
        pass
    chat.transcript.handlers[session_id] = "agent"
    await live.publish(f"session:{session_id}", {"type": "handoff", "status": "accepted"})
    assert (await other.until("handler"))["handler"] == "agent"
    assert other.turns() == [(1, "bot"), (2, "caller"), (3, "bot")]


async def test_what_was_said_before_the_page_went_is_heard(client, chat):
    page = await Page.open(client)
    for _ in range(5):
        await page.say("a")
    await page.socket.close()
    async with asyncio.timeout(5):
        while len(chat.hearing.heard) < 5:
            await asyncio.sleep(0.01)


async def test_a_forged_session_of_wechat_gets_no_other(client, chat):
    page = Page(await client.ws_connect("/ws/chat"))
    token = "wechat-" + "0" * 32 + ".99999999999." + "0" * 64
    await page.send({"type": "hello", "session": token, "after": 0})
    assert (await page.until("error"))["code"] == "session_forged"
    assert chat.transcript.turns == {}


async def test_a_wechat_session_is_heard_as_wechat(client, chat):
    token = chat.tokens.issue("wechat-" + "a" * 32, chat.clock())
    page = Page(await client.ws_connect("/ws/chat"))
    await page.send({"type": "hello", "session": token.text, "after": 0})
    await page.until("session")
    await page.send({"type": "say", "id": "12345678", "text": "在"})
    await page.until("done")
    assert [said.channel.value for said in chat.hearing.heard] == ["wechat"]


@pytest.mark.parametrize("token", ["", "forged", "web-" + "0" * 32 + ".99999999999." + "0" * 64])
async def test_a_forged_session_gets_an_error_and_a_new_session(client, chat, token):
    mine = await Page.open(client)
    before = json.dumps(chat.transcript.turns)
    page = Page(await client.ws_connect("/ws/chat"))
    await page.send({"type": "hello", "session": token, "after": 9})
    error = await page.until("error")
    assert (error["code"], error["field"]) == ("session_forged", "session")
    fresh = await page.until("session")
    assert fresh["token"] not in (token, mine.token)
    assert (await page.until("turn"))["seq"] == 1
    after = dict(chat.transcript.turns)
    after.pop(fresh["token"].split(".")[0])
    assert json.dumps(after) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "text_empty"), ("\x00\x07\u200b", "text_empty"), ("a" * 100_000, "text_too_long")],
)
async def test_bad_text_is_refused_and_changes_nothing(client, chat, text, code):
    page = await Page.open(client)
    said = await page.say(text)
    error = await page.until("error")
    assert (error["code"], error["field"], error["id"]) == (code, "text", said)
    assert chat.hearing.heard == []
    await page.say("a")
    assert (await page.until("done"))["status"] == "asked"


async def test_control_characters_are_stripped(client, chat):
    page = await Page.open(client)
    await page.say("a\x00b\x1b[31m")
    await page.until("done")
    assert chat.hearing.heard[0].text == "ab[31m"


@pytest.mark.parametrize(
    "message", ["", "{", "[]", '{"type":"say"}', '{"type":"hello"}', "\x00", '{"type":1}']
)
async def test_a_malformed_frame_is_refused_and_the_line_stays(client, message):
    page = await Page.open(client)
    await page.socket.send_str(message)
    assert (await page.until("error"))["code"] == "frame_malformed"
    await page.say("a")
    await page.until("done")


async def test_a_frame_that_is_too_big_closes_the_line_with_the_reason(client, chat):
    page = await Page.open(client)
    await page.until("turn")
    await page.socket.send_bytes(b"0" * (FRAME_BYTES + 1))
    async with asyncio.timeout(5):
        closing = await page.socket.receive()
    assert (closing.type, closing.data) == (WSMsgType.CLOSE, 1009)
    again = await Page.open(client, page.token)
    assert again.token == page.token


@pytest.mark.parametrize(
    ("recording", "code"),
    [
        (b"", "audio_empty"),
        (b"text file", "audio_unreadable"),
        (b"0" * (3 * 1024 * 1024 + 1), "audio_too_long"),
    ],
)
async def test_a_bad_recording_is_refused(client, chat, recording, code):
    page = await Page.open(client)
    await page.send({"type": "audio", "id": "a" * 32, "mime": "audio/wav", "seconds": 2})
    await page.socket.send_bytes(recording)
    error = await page.until("error")
    assert (error["code"], error["id"]) == (code, "a" * 32)
    assert chat.hearing.heard == []


async def test_a_recording_nobody_announced_is_refused(client):
    page = await Page.open(client)
    await page.socket.send_bytes(b"RIFF")
    assert (await page.until("error"))["field"] == "audio"


async def test_a_recording_is_heard_and_counts_only_when_said(client, chat):
    page = await Page.open(client)
    await page.send({"type": "audio", "id": "a" * 32, "mime": "audio/wav", "seconds": 2})
    await page.socket.send_bytes(b"RIFF")
    heard = await page.until("heard")
    assert heard["text"] == chat.voice.text
    assert heard["demonstration"] is True
    assert chat.hearing.heard == []
    await page.send({"type": "say", "id": heard["id"], "text": "a", "spoken": True})
    await page.until("done")
    assert chat.hearing.heard[0].spoken


async def test_a_dead_voice_process_is_said(client, chat):
    page = await Page.open(client)
    chat.voice.away = True
    await page.send({"type": "audio", "id": "a" * 32, "mime": "audio/wav", "seconds": 2})
    await page.socket.send_bytes(b"RIFF")
    assert (await page.until("error"))["code"] == "voice_unavailable"
    await page.send({"type": "speak", "seq": 1})
    assert (await page.until("error"))["code"] == "speech_unavailable"


async def test_a_turn_is_read_aloud(client, chat):
    page = await Page.open(client)
    await page.send({"type": "speak", "seq": 1})
    assert await page.until("speech") == {"type": "speech", "seq": 1, "mime": "audio/wav"}
    assert (await page.socket.receive_bytes()).startswith(b"RIFF")
    await page.send({"type": "speak", "seq": 99})
    assert (await page.until("error"))["code"] == "not_found"


async def test_without_records_the_caller_still_gets_the_reply(client, chat):
    page = await Page.open(client)
    await page.until("turn")
    chat.transcript.broken = True
    await page.say("a")
    await page.until("done")
    assert page.turns() == [(None, "bot")]
    chat.transcript.broken = False
    await page.say("b")
    await page.until("done")
    assert page.turns() == [(2, "caller"), (3, "bot"), (4, "caller"), (5, "bot")]


async def test_a_flood_is_told_to_wait(client, chat):
    page = await Page.open(client)
    for _ in range(45):
        await page.say("a")
    assert (await page.until("error"))["code"] == "too_many"
    assert len(chat.hearing.heard) <= 40
    assert WAITING_UTTERANCES < 40


async def test_silence_instead_of_a_hello_is_refused(client):
    page = Page(await client.ws_connect("/ws/chat"))
    await page.send({"type": "say", "id": "a" * 32, "text": "a"})
    assert (await page.until("error"))["code"] == "frame_malformed"
    assert (await page.socket.receive()).data == 1008


async def test_a_stopping_gateway_says_goodbye(client):
    page = await Page.open(client)
    await page.until("turn")
    async with asyncio.timeout(5):
        await client.server.close()
        closing = await page.socket.receive()
    assert (closing.type, closing.data) == (WSMsgType.CLOSE, 1001)
