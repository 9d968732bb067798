"""Whole conversations with the real Rasa, written as data in the YAML files beside this one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from bot.clock import now
from bot.commands.replay import summary
from bot.harness import Stage, stage
from bot.rules.session import Channel, Outcome, Utterance

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(600)]

SCENARIOS: list[Any] = [
    pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for scenario in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running() -> AsyncIterator[Stage]:
    async with stage() as made:
        yield made


def test_there_are_enough() -> None:
    assert len(SCENARIOS) >= 30


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_scenario(running: Stage, scenario: dict[str, Any]) -> None:
    channel, caller = Channel(scenario.get("channel", "web")), scenario.get("caller")
    said: list[str] = []
    outcomes: list[Outcome] = []
    async with running.scene() as scene:
        await scene.conversation.begin(scene.session_id, channel, caller, now())
        for number, turn in enumerate(scenario["turns"]):
            outcome = await scene.conversation.hear(
                Utterance(str(number), scene.session_id, turn["say"], channel, now(), caller)
            )
            outcomes.append(outcome)
            reply = "\n".join(reply.text for reply in outcome.replies)
            said.append(f"> {turn['say']}\n{outcome.status.value}: {reply}")
            _check_turn(turn, outcome, reply, "\n".join(said))
        result = await summary(scene, scenario["name"], outcomes)
    _check_end(scenario, result, "\n".join(said))


def _check_turn(turn: dict[str, Any], outcome: Outcome, reply: str, said: str) -> None:
    if "status" in turn:
        assert outcome.status.value == turn["status"], said
    for words in turn.get("has", ()):
        assert words in reply, f"lacks {words}\n{said}"
    for words in turn.get("lacks", ()):
        assert words not in reply, f"has {words}\n{said}"


def _check_end(scenario: dict[str, Any], result: dict[str, Any], said: str) -> None:
    for key in ("end", "crisis", "referrals"):
        if key in scenario:
            assert result[key] == scenario[key], f"{key} {result[key]}\n{said}"
    if scenario.get("no_ticket"):
        assert not result["tickets"], said
    if "tickets" in scenario:
        assert len(result["tickets"]) == scenario["tickets"], said
    if "ticket" in scenario:
        assert len(result["tickets"]) == 1, said
        ticket = result["tickets"][0]
        assert {key: ticket[key] for key in scenario["ticket"]} == scenario["ticket"], said
        assert ticket["transfer_due_at"], said
