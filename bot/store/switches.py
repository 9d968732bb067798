"""开关 records: what supervisors switched, when and why. Append-only; the last of a name counts."""

from typing import Any

from sqlalchemy import Column, Index, String, Table, Text, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.switch import Setting
from bot.store.columns import Document, Moment, Serial, metadata

switches = Table(
    "switches",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("name", String(48), nullable=False),
    Column("value", Document, nullable=False),
    Column("by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_switches_name", "name", "id"),
)


class Switches:
    """The switches of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, setting: Setting) -> None:
        """Note one."""
        values = {name: getattr(setting, name) for name in ("name", "by", "reason", "at", "until")}
        row = values | {"value": {"is": setting.value}}
        await self._connection.execute(insert(switches).values(**row))

    async def last(self) -> list[Setting]:
        """The last setting of every name."""
        newest = select(func.max(switches.c.id)).group_by(switches.c.name)
        return await self._listed(select(switches).where(switches.c.id.in_(newest)))

    async def history(self, limit: int = 100) -> list[Setting]:
        """What was switched, newest first."""
        return await self._listed(select(switches).order_by(switches.c.id.desc()).limit(limit))

    async def _listed(self, query: Any) -> list[Setting]:
        rows = (await self._connection.execute(query)).mappings()
        return [
            Setting(
                row["name"], row["value"]["is"], row["by"], row["reason"], row["at"], row["until"]
            )
            for row in rows
        ]
