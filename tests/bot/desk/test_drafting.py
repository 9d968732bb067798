"""The draft at the desk, and the ticket filed from it."""

import asyncio

import pytest

from bot.desk.drafting import ticket_draft
from bot.rules.errors import Rejected
from bot.rules.ticket import Kind
from tests.bot.conftest import MONDAY


@pytest.fixture
async def handoff(desk):
    made = await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    return await desk.accept(made.id, agent="li", at=MONDAY)


async def test_a_draft_is_filled_field_by_field_and_filed_once(desk, handoff):
    await desk.fill(handoff.id, agent="li", fields={"matter": "灯不亮", "phone": "13800138000"})
    filled = await desk.fill(handoff.id, agent="li", fields={"place": "车陂路1号"})
    assert filled.draft == {"matter": "灯不亮", "phone": "13800138000", "place": "车陂路1号"}
    filed = await asyncio.gather(
        *(desk.file(handoff.id, agent="li", key="k", at=MONDAY) for _ in range(3))
    )
    assert len({ticket.ticket_no for ticket in filed}) == 1
    assert filed[0].draft.address == "车陂路1号"
    other = await desk.file(handoff.id, agent="li", key="k2", at=MONDAY)
    assert other.ticket_no != filed[0].ticket_no


async def test_only_who_has_the_caller_may_fill_and_file(desk, handoff):
    for work in (
        desk.fill(handoff.id, agent="wu", fields={}),
        desk.file(handoff.id, agent="wu", key="k"),
    ):
        with pytest.raises(Rejected) as refused:
            await work
        assert refused.value.code == "not_yours"


async def test_an_empty_draft_is_not_filed(desk, handoff):
    with pytest.raises(Rejected) as refused:
        await desk.file(handoff.id, agent="li", key="k")
    assert refused.value.field == "content"


@pytest.mark.parametrize(
    ("told", "kind", "anonymous"),
    [
        ({}, Kind.APPEAL, True),
        ({"kind": "政务咨询", "name": "陈"}, Kind.CONSULTATION, False),
        ({"kind": "x", "phone": "1", "anonymous": True}, Kind.APPEAL, True),
    ],
)
def test_a_ticket_of_a_draft(told, kind, anonymous):
    draft = ticket_draft(told, "phone")
    assert (draft.kind, draft.anonymous, draft.channel) == (kind, anonymous, "phone")
