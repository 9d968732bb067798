"""Hold written conversations with the real dialogue and print what became of each."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.harness import Scene, Stage
    from bot.rules.session import Outcome

AT_ONCE = 4
# The strongest thing that happened last is how a conversation ended.
ENDS = {
    "ticket_opened": "ticket",
    "answered": "faq",
    "referred": "referral",
    "emergency": "referral",
    "crisis": "handoff",
    "handed_off": "handoff",
    "with_agent": "handoff",
    "ticket_told": "status",
    "urged": "status",
    "withdrawn": "status",
}
DANGEROUS = ("crisis", "emergency")


def add(parser: argparse.ArgumentParser) -> None:
    """Where the conversations are."""
    parser.add_argument(
        "--jsonl", required=True, help='a file of {"id","turns":[…]} a line; - is standard input'
    )


def run(args: argparse.Namespace) -> int:
    """Print a line a conversation, in order."""
    return asyncio.run(_replay(args.jsonl))


async def _replay(path: str) -> int:
    from bot.harness import stage
    from bot.log import configure

    configure("replay", level="ERROR")
    lines = sys.stdin if path == "-" else open(path, encoding="utf-8")  # noqa: ASYNC230, SIM115
    conversations = [json.loads(line) for line in lines if line.strip()]
    async with stage() as running:
        async for result in _in_order(running, conversations):
            print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


async def _in_order(
    running: "Stage", conversations: list[dict[str, Any]]
) -> AsyncIterator[dict[str, Any]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(conversation: dict[str, Any]) -> dict[str, Any]:
        async with gate, running.scene() as scene:
            return await hold(scene, conversation)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(conversation)) for conversation in conversations]
        for task in tasks:
            yield await task


async def hold(scene: "Scene", conversation: dict[str, Any]) -> dict[str, Any]:
    """One conversation from its opening sentence to its last turn."""
    from bot.clock import now
    from bot.rules.session import Channel, Utterance

    channel = Channel(conversation.get("channel", "web"))
    caller = conversation.get("caller")
    await scene.conversation.begin(scene.session_id, channel, caller, now())
    outcomes = [
        await scene.conversation.hear(
            Utterance(f"turn-{number}", scene.session_id, text, channel, now(), caller)
        )
        for number, text in enumerate(conversation["turns"], start=1)
    ]
    return await summary(scene, conversation["id"], outcomes)


async def summary(scene: "Scene", name: Any, outcomes: "list[Outcome]") -> dict[str, Any]:
    """What became of a conversation, as the contract of the command has it."""
    statuses = [outcome.status.value for outcome in outcomes]
    ends = [ENDS[status] for status in statuses if status in ENDS]
    return {
        "id": name,
        "replies": [[reply.text for reply in outcome.replies] for outcome in outcomes],
        "end": ends[-1] if ends else "open",
        "tickets": await _tickets(scene),
        "referrals": [outcome.referral for outcome in outcomes if outcome.referral],
        "crisis": any(status in DANGEROUS for status in statuses),
        "statuses": statuses,
    }


async def _tickets(scene: "Scene") -> list[dict[str, Any]]:
    """The tickets, name and number in clear: the store is the scene's own and is thrown away."""
    from actions.wiring import phrases
    from bot.store import TicketFilter

    kinds = {value: kind for kind, value in phrases()["kinds"].items()}
    async with scene.store.read() as records:
        tickets = await records.tickets.listed(TicketFilter(session_id=scene.session_id))
        identities = {t.ticket_no: await records.tickets.identity(t.ticket_no) for t in tickets}
    return [
        {
            "ticket_no": ticket.ticket_no,
            "kind": kinds[ticket.draft.kind.value],
            "category": ticket.draft.category,
            "content": ticket.draft.content,
            "district": ticket.draft.district,
            "street": ticket.draft.street,
            "address": ticket.draft.address,
            "name": identities[ticket.ticket_no].name,
            "phone": identities[ticket.ticket_no].phone,
            "confidential": ticket.draft.confidential,
            "anonymous": ticket.draft.anonymous,
            "urgency": ticket.draft.urgency.value,
            "lead_unit": ticket.lead_unit,
            "transfer_due_at": ticket.transfer_due_at.isoformat(),
        }
        for ticket in sorted(tickets, key=lambda ticket: ticket.ticket_no)
    ]
