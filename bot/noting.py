"""What was said, as turns of its session: an utterance, what became of it, and the replies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.rules.session import (
    Outcome,
    Reply,
    Speaker,
    Status,
    Utterance,
    outcome_to_json,
    reply_to_json,
)
from bot.store import Records


async def note_utterance(
    records: Records, utterance: Utterance, outcome: Outcome | None = None
) -> int:
    """The caller's turn, and its ``outcome`` where that is known already; its number."""
    return await records.turns.add(
        utterance.session_id,
        Speaker.CALLER,
        utterance.text,
        utterance.heard_at,
        utterance_id=utterance.id,
        **({} if outcome is None else _kept(outcome)),
    )


async def close_utterance(records: Records, utterance: Utterance, outcome: Outcome) -> None:
    """What became of an utterance that was noted."""
    await records.turns.close(utterance.session_id, utterance.id, **_kept(outcome))


async def note_replies(
    records: Records, session_id: str, replies: Sequence[Reply], status: Status, at: datetime
) -> int:
    """The machine's replies as turns; the number of the last, 0 for none."""
    seq = 0
    for reply in replies:
        seq = await records.turns.add(
            session_id,
            Speaker.BOT,
            reply.text,
            at,
            status=status.value,
            outcome=reply_to_json(reply),
        )
    return seq


def _kept(outcome: Outcome) -> dict[str, Any]:
    return {"status": outcome.status.value, "outcome": outcome_to_json(outcome)}
