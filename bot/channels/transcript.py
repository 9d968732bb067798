"""The turns of a session out of the records, as a page shows them."""

from typing import Any

from bot.rules.handoff import HandoffStatus
from bot.store import Store, Turn


class Recorded:
    """Reads the records of ``store``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def since(self, session_id: str, after: int) -> list[dict[str, Any]]:
        """The turns after number ``after``, in order. Unavailable when the records are."""
        async with self._store.read() as records:
            turns = await records.turns.since(session_id, after)
        return [shown(turn) for turn in turns]

    async def handler(self, session_id: str) -> str:
        """Who has the session. NotFound when there is none."""
        async with self._store.read() as records:
            return (await records.sessions.get(session_id)).handler.value

    async def place(self, session_id: str) -> int | None:
        """The place in the queue of one who waits: 1 is next. None when nobody is waited for."""
        async with self._store.read() as records:
            handoff = await records.handoffs.open_of(session_id)
            if handoff is None or handoff.status is not HandoffStatus.WAITING:
                return None
            return await records.handoffs.place(handoff) or None


def shown(turn: Turn) -> dict[str, Any]:
    """A turn as a page gets it. The machine's turns keep their reply, the caller's an outcome."""
    reply = (turn.outcome or {}) if turn.utterance_id is None else {}
    told = {
        "id": turn.utterance_id,
        "spoken": reply.get("spoken"),
        "buttons": reply.get("buttons") or None,
        "card": reply.get("card"),
        "status": turn.status,
    }
    return {
        "seq": turn.seq,
        "speaker": turn.speaker.value,
        "text": turn.text,
        "at": turn.at.isoformat(),
    } | {name: value for name, value in told.items() if value is not None}
