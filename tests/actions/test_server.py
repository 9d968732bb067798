"""The action server as Rasa calls it: a failing action apologises, an unknown one is an error."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from actions.server import ACTIONS, application, executor
from actions.wiring import services
from bot.desk import Desk
from bot.dialogue.words import PATH
from bot.rules.session import Channel
from bot.settings import Settings
from bot.store import Store, TicketFilter
from tests.bot.conftest import MONDAY
from tests.records import sqlite_records

DOMAIN = PATH.parent / "domain"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_records(tmp_path))
    async with opened.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
    yield opened
    await opened.close()


@pytest.fixture
async def url(store: Store) -> AsyncIterator[str]:
    made = executor(services(Settings(), Desk(store)))
    runner = web.AppRunner(application(lambda _: made))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    await runner.cleanup()


def call(
    action: str, *, session: str = "s1", slots: dict[str, Any] | None = None, **told: Any
) -> dict[str, Any]:
    heard = {"intent": "complain", "scope": "in", "kind": "民生诉求", "confidence": 0.9, **told}
    return {
        "next_action": action,
        "sender_id": session,
        "tracker": {
            "sender_id": session,
            "slots": slots or {},
            "latest_message": {
                "text": "路灯坏了三天了",
                "intent": {"name": "complain"},
                "message_id": "m1",
                "understanding": heard,
            },
            "events": [{"event": "user", "text": "路灯坏了三天了"}],
            "latest_input_channel": "web",
            "active_loop": {},
            "paused": False,
        },
        "domain": {},
        "version": "3.6.21",
    }


async def post(url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.json()


async def test_an_opened_ticket_is_opened_once_however_often_rasa_asks(
    url: str, store: Store
) -> None:
    slots = {"matter": "路灯坏了", "confirmed": True, "draft": {"key": "s1:m1"}}
    answers = [await post(url, call("action_open_ticket", slots=slots)) for _ in range(3)]
    assert {status for status, _ in answers} == {200}
    async with store.read() as records:
        assert len(await records.tickets.listed(TicketFilter())) == 1


async def test_what_may_be_the_polices_too_is_taken_by_who_is_asked_first(url: str) -> None:
    status, body = await post(url, call("action_start_report", shared=True))
    assert status == 200
    assert "utter_first_receiver" in [message["response"] for message in body["responses"]]
    assert "matter" in [event.get("name") for event in body["events"]]


async def test_a_failing_action_apologises(url: str) -> None:
    status, body = await post(url, call("action_hand_off", session="nobody"))
    assert status == 200
    assert [message["response"] for message in body["responses"]] == ["utter_technical_problem"]
    assert body["events"] == []


@pytest.mark.parametrize(
    ("intent", "pending", "judged", "next_action"),
    [
        ("helpful", {"kind": "told", "entry": "hours"}, True, None),
        ("unhelpful", {"kind": "told", "entry": "hours"}, False, None),
        ("helpful", {"kind": "question", "entry": "hours"}, True, None),  # changed their mind
        ("unhelpful", {"kind": "attribute", "entry": "hours"}, None, "action_dissatisfied"),
        ("helpful", {}, None, None),
        ("unhelpful", {}, None, "action_dissatisfied"),
    ],
)
async def test_only_an_answer_is_judged(
    url: str, intent: str, pending: dict[str, Any], judged: bool | None, next_action: str | None
) -> None:
    body = call("action_judge", slots={"pending": pending | {"question": "几点开门"}})
    body["tracker"]["latest_message"]["understanding"] = {"intent": intent}
    _, answer = await post(url, body)
    marks = [told["custom"]["judged"] for told in answer["responses"] if told.get("custom")]
    assert marks == ([] if judged is None else [{"entry": "hours", "helpful": judged}])
    followed = [event["name"] for event in answer["events"] if event["event"] == "followup"]
    assert followed == ([next_action] if next_action else [])


@pytest.mark.parametrize(
    ("channel", "form", "buttons"),
    [
        ("web", None, ["有用", "没用"]),
        ("wechat", None, ["有用", "没用"]),
        ("phone", None, []),
        ("web", "report_form", []),  # the form's question comes next
    ],
)
async def test_an_answer_asks_whether_it_helped(
    url: str, channel: str, form: str | None, buttons: list[str]
) -> None:
    body = call("action_answer")
    heard = {"event": "user", "text": "12345几点上班", "input_channel": channel}
    tracker = body["tracker"] | {"events": [heard]}
    tracker["latest_message"] |= {"text": "12345几点上班", "understanding": {"intent": "consult"}}
    tracker["active_loop"] = {"name": form} if form else {}
    _, answer = await post(url, body | {"tracker": tracker})
    told = answer["responses"][0]
    assert told["response"] == "utter_answer"
    assert [button["payload"] for button in told["buttons"]] == buttons


async def test_an_unknown_action_is_named(url: str) -> None:
    status, body = await post(url, call("action_nothing"))
    assert (status, body["action_name"]) == (404, "action_nothing")


def test_every_action_stands_in_the_domain() -> None:
    listed = "".join(path.read_text(encoding="utf-8") for path in DOMAIN.glob("*.yml"))
    for action in ACTIONS:
        assert f"  - {action.called}\n" in listed
