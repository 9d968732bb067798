"""Brings a database to the newest schema, inside the caller's transaction.

Every process calls it at its start. On PostgreSQL an advisory lock lets one do it while the
others wait; on SQLite the write transaction itself does. Inside a process Alembic keeps the
migration under way in globals, so that only one may run at a time.
"""

import asyncio
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

HERE = Path(__file__).parent / "migrations"
LOCK = 12345
_under_way: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def scripts() -> ScriptDirectory:
    """The migrations that ship with the program."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


async def migrate(connection: AsyncConnection) -> None:
    """As `upgrade`; several may be asked for at once."""
    async with _under_way.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await connection.run_sync(upgrade)


def upgrade(connection: Connection) -> None:
    """Run what is missing; nothing when the schema is the newest."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    directory = scripts()

    def steps(revision: Any, _: Any) -> Any:
        return directory._upgrade_revs("head", revision)

    config = Config()
    config.set_main_option("script_location", str(HERE))
    with EnvironmentContext(config, directory, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()
