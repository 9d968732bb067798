"""A conversation that a desk page watches: its turns, as this agent may see them."""

from collections.abc import Callable
from typing import Any

from bot.console.access import Seat
from bot.console.handoffs import may_watch, note_look
from bot.console.parts import Console
from bot.console.roles import MAY, Deed
from bot.console.shown import turn_row
from bot.console.sight import sees
from bot.rules.errors import HotlineError, Rejected
from bot.telling import turns_of

# what is told of any other event of the session
TOLD = frozenset({"type", "what", "kind", "ticket_no", "status", "version"})


class Watched:
    """``tell`` gets what the page is sent."""

    def __init__(
        self, console: Console, seat: Seat, session_id: str, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self._console, self._seat = console, seat
        self._session_id = session_id
        self._tell = tell
        self._words = False  # the turns themselves; else only that there are some
        self._clear = False

    async def look(self) -> None:
        """What this agent may see of it now. Rejected (``not_yours``) where that is nothing.

        The words go out unasked only to whom they are due whatever happens next: who has the
        caller, and who may watch all. Who reads along with a caller in the queue asks for them,
        since a colleague may have taken the caller meanwhile.
        """
        console, seat, session_id = self._console, self._seat, self._session_id
        self._words = False
        mine = await may_watch(console, seat, session_id)
        self._clear = await sees(console.live, seat, session_id, mine=mine)
        self._words = mine or Deed.WATCH_ANY in MAY[seat.role]
        if self._words and not mine:
            await note_look(console, seat, session_id)

    async def follow(self) -> None:
        """Tell what happens, until cancelled, or until it is another's."""
        async with self._console.live.subscribe(f"session:{self._session_id}") as events:
            self._tell({"type": "watching", "topic": "session", "session_id": self._session_id})
            async for event in events:
                if event["type"] == "turn":
                    self._tell_turn(event)
                    continue
                if event["type"] in ("handoff", "gap"):
                    try:
                        await self.look()
                    except Rejected:
                        return
                    except HotlineError:
                        self._tell({"type": "gap"})
                told = {name: value for name, value in event.items() if name in TOLD}
                self._tell(told | {"session_id": self._session_id})

    def _tell_turn(self, event: dict[str, Any]) -> None:
        told = {name: event.get(name) for name in ("type", "seq", "speaker")}
        if self._words:
            told["turns"] = [turn_row(turn, clear=self._clear) for turn in turns_of(event)]
        self._tell(told | {"session_id": self._session_id})
