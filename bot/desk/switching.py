"""开关: what supervisors switch while the hotline runs; each with who, when, why, until when."""

from datetime import datetime

from bot.desk.counter import Counter
from bot.rules.switch import Setting, Value, checked, standing


class Switching(Counter):
    """Sets switches and tells how they stand."""

    async def switch(self, setting: Setting) -> None:
        """Set one. Rejected, naming the field."""
        async with self._store.begin() as records:
            await records.switches.add(checked(setting))
        await self._announce(("desk", {"type": "switch", "what": setting.name}))

    async def switches(self, at: datetime | None = None) -> dict[str, Value]:
        """How every switch stands now."""
        async with self._store.read() as records:
            return standing(await records.switches.last(), self._at(at))

    async def settings(self, at: datetime | None = None) -> tuple[list[Setting], list[Setting]]:
        """The settings in force, and what was switched before, newest first."""
        at = self._at(at)
        async with self._store.read() as records:
            last, history = await records.switches.last(), await records.switches.history()
        return [one for one in last if one.until is None or one.until > at], history
