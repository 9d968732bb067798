"""The turns of a session out of the records, as a page shows them."""

from typing import Any

from bot.attendance import Attendance
from bot.rules.waiting import Wait
from bot.store import Store, Turn


class Recorded:
    """Reads the records of ``store``, and who is at the desk."""

    def __init__(self, store: Store, attendance: Attendance) -> None:
        self._store = store
        self._attendance = attendance

    async def since(self, session_id: str, after: int) -> list[dict[str, Any]]:
        """The turns after number ``after``, in order. Unavailable when the records are."""
        async with self._store.read() as records:
            turns = await records.turns.since(session_id, after)
        return [shown(turn) for turn in turns]

    async def handler(self, session_id: str) -> str:
        """Who has the session. NotFound when there is none."""
        async with self._store.read() as records:
            return (await records.sessions.get(session_id)).handler.value

    async def standing(self, session_id: str) -> tuple[int, Wait | None] | None:
        """The place in the queue of one who waits: 1 is next. None when nobody is waited for."""
        return await self._attendance.standing(session_id)


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
