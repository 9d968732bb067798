"""What every desk page shows: the queue, who has whom, how much is late. Looked up once a change.

One listener for all pages of a gateway: a change is read from the records once, written as JSON
once for those who may see it and once for those who may not, and laid into each page's queue. A
page that does not keep up gets one ``gap`` instead, and reads for itself.
"""

import asyncio
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.attendance import Attendance
from bot.console.access import Seat
from bot.console.roles import MAY, Deed
from bot.console.shown import handoff_row
from bot.desk import Desk
from bot.live import Live
from bot.log import logger
from bot.rules.errors import HotlineError, NotFound
from bot.rules.handoff import Handoff, HandoffStatus
from bot.rules.ticket import Light
from bot.store import Store, TicketFilter

log = logger(__name__)

MOST_WAITING = 500  # frames that a page has not read
COUNT_SECONDS = 2.0  # between two counts of what is late
MOST_COUNTED = 500
COUNTED = frozenset({"ticket", "deadline", "missed"})
OWN = frozenset({"state", "signed_in"})  # only the agent whom they name is told
TOLD = frozenset(
    {"type", "what", "handoff_id", "session_id", "status", "priority", "skill", "agent", "state"}
    | {"ticket_no", "version", "to", "name"}
)


@dataclass(eq=False)
class Watcher:
    """A page: who looks, and the frames that it has not been sent yet, as JSON."""

    seat: Seat
    frames: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def put(self, frame: str) -> None:
        """One frame more; one ``gap`` for all of them when there are too many."""
        if self.frames.qsize() >= MOST_WAITING:
            while not self.frames.empty():
                self.frames.get_nowait()
            frame = json.dumps({"type": "gap"})
        self.frames.put_nowait(frame)

    def sees(self, handoff: Handoff) -> bool:
        """Who waits is for all who take callers; who is talked to for whom it concerns."""
        may, login = MAY[self.seat.role], self.seat.login
        if handoff.status is HandoffStatus.WAITING:
            return True
        if handoff.status is not HandoffStatus.ACCEPTED:
            return False
        return handoff.talks(login) or handoff.offered_to == login or Deed.WATCH_ANY in may


def fits(handoff: Handoff, skills: Collection[str], skilled: Collection[str]) -> bool:
    """Whether a caller is for an agent with these skills: also when nobody there has the skill."""
    skill = handoff.skill.value
    return skill in skills or skill not in skilled


class Board:
    """One per gateway."""

    def __init__(self, desk: Desk, store: Store, live: Live, attendance: Attendance) -> None:
        self._desk, self._store, self._live = desk, store, live
        self._attendance = attendance
        self._watchers: set[Watcher] = set()
        self._to_count = asyncio.Event()
        self._counts: dict[str, int] = {}

    @contextmanager
    def shown(self, seat: Seat) -> Iterator[Watcher]:
        """A page that is told of every change for as long as the block lasts."""
        watcher = Watcher(seat)
        self._watchers.add(watcher)
        if self._counts:
            watcher.put(json.dumps({"type": "counts"} | self._counts))
        self._to_count.set()
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def listen(self) -> None:
        """Tell the pages what changes, until cancelled."""
        async with asyncio.TaskGroup() as group, self._live.subscribe("desk") as events:
            group.create_task(self._count())
            async for event in events:
                if self._watchers:
                    await self._tell(event)

    async def skilled(self) -> frozenset[str]:
        """The skills of those who are there."""
        present = await self._attendance.present()
        return frozenset(skill for one in present for skill in one.skills)

    async def _tell(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        if kind in COUNTED or kind == "gap":
            self._to_count.set()
        told = {name: value for name, value in event.items() if name in TOLD}
        if kind == "handoff":
            await self._tell_handoff(told)
        elif kind in OWN:
            self._put(told, [one for one in self._watchers if one.seat.login == event.get("agent")])
        elif kind != "missed":
            self._put(told, self._watchers)

    async def _tell_handoff(self, told: dict[str, Any]) -> None:
        try:
            async with self._store.read() as records:
                handoff = await records.handoffs.get(told["handoff_id"])
            skilled = await self.skilled()
        except NotFound:
            return
        except HotlineError:
            log.info("desk.board_behind")
            self._put({"type": "gap"}, self._watchers)
            return
        groups: dict[bool | None, list[Watcher]] = {True: [], False: [], None: []}
        for watcher in self._watchers:
            if Deed.TAKE_CALLERS not in MAY[watcher.seat.role]:
                continue
            fit = fits(handoff, watcher.seat.skills, skilled) if watcher.sees(handoff) else None
            groups[fit].append(watcher)
        for fit, watchers in groups.items():
            row = None if fit is None else handoff_row(handoff) | {"fits": fit}
            self._put(told | {"row": row}, watchers)

    @staticmethod
    def _put(told: dict[str, Any], watchers: Collection[Watcher]) -> None:
        frame = json.dumps(told, ensure_ascii=False) if watchers else ""
        for watcher in watchers:
            watcher.put(frame)

    async def _count(self) -> None:
        """How many tickets are late and how many callers are to be called back, when it changes."""
        while True:
            await self._to_count.wait()
            self._to_count.clear()
            if self._watchers:
                try:
                    counts = await self._counted()
                except HotlineError:
                    counts = self._counts
                if counts != self._counts:
                    self._counts = counts
                    self._put({"type": "counts"} | counts, self._watchers)
            await asyncio.sleep(COUNT_SECONDS)

    async def _counted(self) -> dict[str, int]:
        tickets = await self._desk.tickets(TicketFilter(open=True, limit=MOST_COUNTED))
        late = sum(self._desk.light(ticket) is Light.RED for ticket in tickets)
        return {"red": late, "missed": len(await self._desk.missed())}
