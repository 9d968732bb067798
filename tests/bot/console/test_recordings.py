"""A call's recording is for who has the caller and who may watch; each look is on the trail."""

import asyncio

import pytest

from bot.console.recordings import RECORDINGS
from bot.recordings import Words
from tests.bot.console.conftest import taken

SOUND = bytes(16_000)


def record(house, session_id: str) -> None:
    writing = house.app[RECORDINGS].begin(session_id)
    writing.sound(SOUND)
    writing.words(Words("caller", "我的电话是13800138000", 0.2, 0.5))
    writing.close()


async def get(seat, path: str) -> tuple[int, str, bytes]:
    async with seat.client.get(path) as answer:
        return answer.status, answer.content_type, await answer.read()


@pytest.fixture
def path(house, caller) -> str:
    record(house, caller.session)
    return f"/api/desk/sessions/{caller.session}/recording"


async def test_who_has_the_caller_hears_it_and_reads_its_words(make_seat, house, caller, path):
    seat = await make_seat("li")
    await taken(seat)
    status, kind, wav = await get(seat, f"{path}.wav")
    assert (status, kind) == (200, "audio/wav")
    assert wav.endswith(SOUND)
    assert wav.startswith(b"RIFF")
    async with seat.client.get(path) as answer:
        told = await answer.json()
    assert told["seconds"] == 1.0
    assert told["words"][0]["text"] == "我的电话是138****8000"
    await seat.post(f"sessions/{caller.session}/numbers", {"reason": "r"})
    told = (await seat.get(f"sessions/{caller.session}/recording"))[1]
    assert told["words"][0]["text"] == "我的电话是13800138000"
    async with house.store.read() as records:
        looks = await records.audit.of(caller.session)
    assert ("li", "recording_heard") in [(look.by, look.action) for look in looks]


async def test_another_agent_does_not_and_a_supervisor_reads_it_masked(make_seat, caller, path):
    seat = await make_seat("li")
    await taken(seat)
    other, boss = await make_seat("wang"), await make_seat("chen", "supervisor")
    assert (await get(other, f"{path}.wav"))[0] == 403
    assert (await get(other, path))[0] == 403
    assert (await get(boss, f"{path}.wav"))[0] == 200
    async with boss.client.get(path) as answer:
        assert "13800138000" not in (await answer.json())["words"][0]["text"]


async def test_a_call_without_one_and_one_of_another_key(make_seat, house, caller):
    boss = await make_seat("chen", "supervisor")
    path = f"/api/desk/sessions/{caller.session}/recording"
    assert (await get(boss, path))[0] == 404
    record(house, caller.session)
    [kept] = house.app[RECORDINGS]._folder.iterdir()
    data = await asyncio.to_thread(kept.read_bytes)
    kept.write_bytes(data[:100] + b"\0" + data[101:])
    assert (await get(boss, f"{path}.wav"))[0] == 503


async def test_nobody_outside_gets_anything(make_seat, path):
    stranger = await make_seat("nobody", None)
    assert (await get(stranger, f"{path}.wav"))[0] == 401
