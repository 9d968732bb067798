"""The database: SQLite by default, PostgreSQL by URL; one transaction at a time from it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from pathlib import Path
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.rules.errors import Rejected, Unavailable
from bot.store import brisk
from bot.store.migrate import migrate
from bot.store.records import Records

BUSY_SECONDS = 15
MOST_PAGES = 25_000  # 100 MB of log; the worker checkpoints long before, where one runs


class Store:
    """The records of the hotline. Raises Unavailable when the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite has one writer at a time. Waiting for it in a queue of ours is fair and wakes at
        # once; its own busy handler polls. Other processes still meet at the busy handler.
        self._turnstile = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    async def open(cls, url: str, *, pool: int = 8) -> Self:
        """Connect, bring the schema up to date, and be ready. Any number may open at once.

        ``url`` is a SQLAlchemy URL with an async driver (``sqlite+aiosqlite``,
        ``postgresql+asyncpg``); ``pool`` is how many connections may be in use.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_async_engine(
                parsed,
                pool_size=pool,
                max_overflow=0,
                connect_args={"async_creator_fn": brisk.connect},
            )
            _speak_wal(engine)
        else:
            engine = create_async_engine(parsed, pool_size=pool, max_overflow=0, pool_pre_ping=True)
        store = cls(engine)
        async with AsyncExitStack() as unopened:
            unopened.push_async_callback(engine.dispose)
            async with store._guarded(), engine.begin() as connection:
                await migrate(connection)
            unopened.pop_all()
        return store

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()

    async def checkpoint(self) -> int:
        """SQLite: bring what commits have logged into the database file, so that no commit has to
        wait for that; 0 always: there is never more to do at once. Nothing on PostgreSQL."""
        if self._engine.dialect.name == "sqlite":
            async with self._guarded(), self._engine.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                if raw is not None:
                    await (await raw.execute("PRAGMA wal_checkpoint(PASSIVE)")).close()
        return 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Records]:
        """A transaction that writes: commits at the end, rolls back on an error."""
        turn: AbstractAsyncContextManager[Any] = self._turnstile or nullcontext()
        async with turn, self._guarded(), self._engine.begin() as connection:
            yield Records(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Records]:
        """A transaction that only reads: a snapshot, and it never waits for a writer."""
        async with self._guarded(), self._engine.connect() as connection:
            await connection.execution_options(reading=True)
            yield Records(connection)

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise Rejected(f"conflict: {error.orig}", code="conflict") from error
        except DataError as error:
            raise Rejected(f"a value does not fit: {error.orig}", code="bad_value") from error
        except (DBAPIError, OSError) as error:
            raise Unavailable(f"database: {type(error).__name__}") from error


def _speak_wal(engine: AsyncEngine) -> None:
    """SQLite: write-ahead log, durable commits, and BEGIN IMMEDIATE for writers.

    ``synchronous=FULL`` syncs the log at every commit: what was acknowledged survives a power
    cut too; NORMAL would survive only a killed process.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA wal_autocheckpoint={MOST_PAGES}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.connection.driver_connection.begin(reading=reading)
