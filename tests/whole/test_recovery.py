"""Every process killed in mid-conversation: the caller hears something, and nothing is lost."""

from pathlib import Path

import aiohttp
import pytest

from tests.hotline import Hotline, Page, page

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

REPORT = "天河区棠下村棠德南路的路灯坏了三天了,我姓陈,电话13800138000"


async def finish(opened: Page) -> None:
    """Answer what is still asked until the ticket is open, as a patient caller would."""
    answer = ""
    for _ in range(6):
        answer = await opened.say("不用保密" if "保密" in answer else "对的")
        if "工单号" in answer:
            return
    raise AssertionError("\n".join(opened.said))


@pytest.mark.parametrize("victim", ["rasa", "actions", "redis"])
async def test_a_dead_part_is_said_and_the_report_ends_in_one_ticket(
    running: Hotline, victim: str
) -> None:
    before = await running.tickets()
    async with page(running.base) as opened:
        assert await opened.say(REPORT)
        running.kill(victim)
        during = await opened.say("不用保密")
        assert during, "the caller heard nothing"
        await running.healthy()
        again = await opened.say(REPORT)
        if "工单号" not in again:
            await finish(opened)
    assert await running.tickets() == before + 1


async def test_the_voice_dies_and_the_chat_goes_on(running: Hotline) -> None:
    async with page(running.base) as opened:
        running.kill("voice")
        assert "来源" in await opened.say("12345几点上班")
    await running.healthy()


async def test_the_gateway_dies_and_the_page_comes_back_to_its_session(
    running: Hotline, tmp_path: Path
) -> None:
    async with page(running.base) as opened:
        await opened.say(REPORT)
        token = opened.token
        running.kill("gateway")
        while not opened.socket.closed:
            await opened.socket.receive()
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                socket = await session.ws_connect(f"{running.base}/ws/chat", origin=running.base)
                break
            except aiohttp.ClientError:
                continue
        await socket.send_json({"type": "hello", "session": token, "after": 0})
        texts: list[str] = []
        while not any("保密" in text for text in texts):
            frame = await socket.receive_json(timeout=20)
            texts += [frame["text"]] if frame["type"] == "turn" else []
        assert texts.count(REPORT) == 1
        await socket.close()
    await running.healthy()
