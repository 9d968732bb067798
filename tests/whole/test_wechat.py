"""WeChat on the running hotline: real dialogue, real records, a stand-in for the platform."""

import asyncio
import wave
from pathlib import Path

import aiohttp
import pytest

from bot.store import Store
from tests.hotline import Hotline
from tests.miniprogram.pages import drive
from tests.pictures import JPEG
from tests.wechat_server import Pusher, WeChat
from voice.audio import to_bytes
from voice.local_voice import LocalVoice

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

ME = "oWhole_123456789012345678901"
SPOKEN = "我要反映,天河区的路灯坏了"
PATIENCE = 8  # answers until a report is complete
ANSWER_SECONDS = 60.0


class Caller:
    """Somebody in WeChat: pushes, and reads what comes."""

    def __init__(self, wechat: WeChat, pusher: Pusher) -> None:
        self.wechat, self.pusher = wechat, pusher

    async def send(self, **fields: str) -> str:
        """Send a message; what is said to it."""
        before = len(self.wechat.texts(ME))
        assert await self.pusher.message(ME, fields) == [200]
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(self.wechat.texts(ME)) == before:
                await asyncio.sleep(0.1)
        return "\n".join(self.wechat.texts(ME)[before:])


async def test_a_report_by_voice_place_and_photo_becomes_one_ticket(
    running: Hotline, wechat: WeChat
) -> None:
    before = await running.tickets()
    wechat.media["p1"] = ("image/jpeg", JPEG)
    async with aiohttp.ClientSession() as http:
        caller = Caller(wechat, Pusher(wechat, f"{running.base}/wechat/official", http))
        heard = "路灯坏了三天了,我要反映"
        said = await caller.send(MsgType="voice", MediaId="v1", Format="amr", Recognition=heard)
        place = {"Location_X": "23.1", "Location_Y": "113.3", "Label": "天河区棠下街棠德南路"}
        said = await caller.send(MsgType="location", **place)
        await caller.send(MsgType="image", MediaId="p1", PicUrl="u")
        said = await caller.send(MsgType="text", Content="我姓陈,电话13800138000")
        for _ in range(PATIENCE):
            if "工单号" in said:
                break
            text = "不用保密" if "保密" in said else "对的"
            said = await caller.send(MsgType="text", Content=text)
    assert "工单号" in said, wechat.texts(ME)
    assert await running.tickets() == before + 1
    store = await Store.open(running.settings.database)
    async with store.read() as records:
        [ticket] = await records.tickets.by_phone("13800138000", 1)
        kept = await records.attachments.of(ticket.ticket_no, ticket.session_id)
    await store.close()
    assert (ticket.draft.channel, ticket.draft.district) == ("wechat", "天河区")
    assert "棠德南路" in ticket.draft.address
    assert [one.mime for one in kept] == ["image/jpeg"]


@pytest.mark.node
@pytest.mark.speech
async def test_a_report_in_the_mini_program(
    running: Hotline, wechat_url: str, modules: Path, tmp_path: Path
) -> None:
    voice = LocalVoice()
    recording = tmp_path / "said.wav"
    spoken = to_bytes(await voice.speak(SPOKEN))
    await voice.close()
    with wave.open(str(recording), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(spoken)
    environment = {"HOTLINE_TEST_DOORS": wechat_url, "HOTLINE_TEST_RECORDING": str(recording)}
    await drive("whole", running.base, environment)
