"""轮次 records: what was said, by whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.session import Speaker
from bot.store.columns import Document, Moment, metadata
from bot.store.sessions import Sessions

ASKED_IN_VAIN = "gap IS NOT NULL"
UNHELPFUL = "unhelpful"

turns = Table(
    "turns",
    metadata,
    Column("session_id", ForeignKey("sessions.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("speaker", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("utterance_id", String(128)),
    Column("status", String(32)),
    Column("outcome", Document),
    Column("gap", String(16)),
    UniqueConstraint("session_id", "utterance_id"),
    Index(
        "ix_turns_gap",
        "at",
        sqlite_where=text(ASKED_IN_VAIN),
        postgresql_where=text(ASKED_IN_VAIN),
    ),
)


# Statements of every turn are made once: making one costs as much as executing it.
_ADD = insert(turns)
_HEARD = select(turns).where(
    turns.c.session_id == bindparam("session_id"),
    turns.c.utterance_id == bindparam("utterance_id"),
)
_SINCE = (
    select(turns)
    .where(turns.c.session_id == bindparam("session_id"), turns.c.seq > bindparam("seq"))
    .order_by(turns.c.seq)
    .limit(bindparam("most", type_=Integer))
)


@dataclass(frozen=True)
class Turn:
    """轮次. ``outcome`` is the stored Outcome as JSON, on the caller's turn; ``gap`` there what the
    base lacked: close or unknown (no answer), unhelpful (the answer did not help)."""

    session_id: str
    seq: int
    speaker: Speaker
    text: str
    at: datetime
    utterance_id: str | None
    status: str | None
    outcome: dict[str, Any] | None
    gap: str | None = None


class Turns:
    """The turns of one transaction. ``added``: those that it noted, in order."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.added: list[Turn] = []

    async def add(
        self,
        session_id: str,
        speaker: Speaker,
        text: str,
        at: datetime,
        *,
        utterance_id: str | None = None,
        status: str | None = None,
        outcome: dict[str, Any] | None = None,
    ) -> int:
        """Note a turn; its number in the session: 1, 2, 3 … An utterance's id is taken once."""
        seq = await Sessions(self._connection).next_turn(session_id)
        gap = _gap(outcome)
        turn = Turn(session_id, seq, speaker, text, at, utterance_id, status, outcome, gap)
        row = vars(turn) | {"speaker": speaker.value}
        await self._connection.execute(_ADD, row)
        self.added.append(turn)
        return seq

    async def heard(self, session_id: str, utterance_id: str) -> Turn | None:
        """The turn of this utterance, when it was heard before."""
        values = {"session_id": session_id, "utterance_id": utterance_id}
        row = (await self._connection.execute(_HEARD, values)).mappings().first()
        return None if row is None else _turn(row)

    async def outcome(self, session_id: str, utterance_id: str) -> dict[str, Any] | None:
        """The stored outcome of this utterance; None when it has none yet."""
        turn = await self.heard(session_id, utterance_id)
        return None if turn is None else turn.outcome

    async def close(
        self, session_id: str, utterance_id: str, *, status: str, outcome: dict[str, Any]
    ) -> None:
        """Store what became of an utterance."""
        await self._connection.execute(
            update(turns)
            .where(turns.c.session_id == session_id, turns.c.utterance_id == utterance_id)
            .values(status=status, outcome=outcome, gap=_gap(outcome))
        )

    async def since(self, session_id: str, seq: int = 0, limit: int = 1000) -> list[Turn]:
        """The turns after number ``seq``, in order."""
        values = {"session_id": session_id, "seq": seq, "most": limit}
        return [_turn(row) for row in (await self._connection.execute(_SINCE, values)).mappings()]

    async def unanswered(self, start: datetime, end: datetime) -> list[Turn]:
        """The callers' turns from ``start`` until ``end`` that asked what the base did not know."""
        query = (
            select(turns)
            .where(turns.c.at >= start, turns.c.at < end, text(ASKED_IN_VAIN))
            .order_by(turns.c.at, turns.c.session_id, turns.c.seq)
        )
        return [_turn(row) async for row in (await self._connection.stream(query)).mappings()]

    async def judged(self, session_id: str, entry: str, *, helpful: bool) -> None:
        """The question that this entry answered last was answered in vain, or was not."""
        asked = [
            turn.seq
            for turn in await self.since(session_id)
            if turn.utterance_id and (turn.outcome or {}).get("facts", {}).get("entry") == entry
        ]
        if asked:
            await self._connection.execute(
                update(turns)
                .where(turns.c.session_id == session_id, turns.c.seq == asked[-1])
                .values(gap=None if helpful else UNHELPFUL)
            )


def _gap(outcome: dict[str, Any] | None) -> str | None:
    """What the base lacked, as the outcome tells it."""
    gap = (outcome or {}).get("facts", {}).get("gap")
    return str(gap["kind"]) if gap else None


def _turn(row: Any) -> Turn:
    return Turn(**(dict(row) | {"speaker": Speaker(row["speaker"])}))
