"""Pictures and remarks on tickets."""

import pytest

from bot.desk import Desk
from bot.desk.supplements import MOST_OF_A_SESSION
from bot.rules.errors import Rejected
from bot.rules.ticket import Draft, Kind
from bot.store import Store
from tests.bot.conftest import MONDAY, Heard
from tests.pictures import JPEG

UNIT = "天河区城市管理和综合执法局"
DRAFT = Draft(Kind.APPEAL, "市政设施", "路灯不亮", "棠德南路", "天河区", phone="13800138000")


async def opened(desk: Desk) -> str:
    return (await desk.open(DRAFT, key="k", session_id="s1", by="bot", at=MONDAY)).ticket_no


async def test_a_picture_of_the_session_is_the_tickets(desk: Desk, store: Store) -> None:
    before = await desk.add_picture("s1", JPEG, at=MONDAY)
    number = await opened(desk)
    after = await desk.add_picture("s1", JPEG, at=MONDAY)
    assert (before.ticket_no, after.ticket_no, after.mime) == (None, number, "image/jpeg")
    async with store.read() as records:
        kept = await records.attachments.of(number, "s1")
        data = await records.attachments.data(after.id)
    assert {one.id for one in kept} == {before.id, after.id}
    assert data == JPEG


async def test_the_unit_hears_of_it_once_it_has_the_ticket(
    desk: Desk, store: Store, heard: Heard
) -> None:
    number = await opened(desk)
    await desk.add_remark(number, "三天了", session_id="s1", at=MONDAY)
    await desk.transfer(number, UNIT, by="a1", at=MONDAY)
    await desk.add_remark(number, "四天了", session_id="s1", at=MONDAY)
    async with store.read() as records:
        letters = await records.outbox.of(number)
    told = [letter.payload["text"] for letter in letters if letter.kind == "supplement"]
    assert told == ["四天了"]
    assert [event["type"] for event in heard.on("desk")].count("attachment") == 2


async def test_the_same_key_is_one_picture(desk: Desk) -> None:
    first = await desk.add_picture("s1", JPEG, key="k1", at=MONDAY)
    assert await desk.add_picture("s1", JPEG, key="k1", at=MONDAY) == first


async def test_a_finished_ticket_takes_nothing_more(desk: Desk) -> None:
    number = await opened(desk)
    await desk.withdraw(number, by="caller", at=MONDAY)
    with pytest.raises(Rejected) as refused:
        await desk.add_remark(number, "还有", session_id="s1", at=MONDAY)
    assert refused.value.code == "not_in_table"


async def test_a_session_has_only_so_many(desk: Desk) -> None:
    for _ in range(MOST_OF_A_SESSION):
        await desk.add_picture("s1", JPEG, at=MONDAY)
    with pytest.raises(Rejected) as refused:
        await desk.add_picture("s1", JPEG, at=MONDAY)
    assert refused.value.code == "too_many"
