"""A line while one postman works on it: every write says whose it is, and keeps it his."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store import Line, Records, Store

# Longer than hearing one push (its file, its transcription, the dialogue) may take; what follows
# writes after each step and so takes the line anew.
LEASE_SECONDS = 60.0


class LineLost(Exception):
    """Somebody else has the line by now."""


class Held:
    """One claim. ``line`` is as it was last written."""

    def __init__(self, store: Store, clock: Clock, line: Line) -> None:
        self.store = store
        self.clock = clock
        self.line = line

    async def write(self, records: Records, **values: object) -> None:
        """Set fields, and hold the line for another lease. LineLost."""
        until = self.clock() + timedelta(seconds=LEASE_SECONDS)
        values["claimed_until"] = until
        if not await records.lines.change(self.line.person, self.line.claim, **values):
            raise LineLost
        self.line = replace(self.line, **values)  # type: ignore[arg-type]

    async def note(self, **values: object) -> None:
        """The same in a transaction of its own."""
        async with self.store.begin() as records:
            await self.write(records, **values)

    async def spend(self, records: Records, **values: object) -> None:
        """One message is with WeChat: the window is smaller by it."""
        window = (await records.lines.get(self.line.person, lock=True)).window.spent()
        await self.write(records, left=window.left, **values)

    async def release(self, again_at: datetime | None, failures: int) -> None:
        """Give the line back; what came meanwhile makes it due at once."""
        async with self.store.begin() as records:
            current = await records.lines.get(self.line.person, lock=True)
            if current.claim != self.line.claim:
                return
            if not failures and await records.inbox.waiting(current.person, 1):
                again_at = self.clock()
            values = {"claimed_until": None, "due_at": again_at, "failures": failures}
            await records.lines.change(current.person, current.claim, **values)
