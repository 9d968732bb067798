"""SQLite with one change of threads a statement.

aiosqlite runs each step of a statement (make a cursor, execute, fetch, close) in its thread, and
each step costs two switches: on a busy machine a third of a ticket's opening. SQLAlchemy fetches
everything at once anyway, so here one step does it all.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Self

import aiosqlite


class BriskCursor:
    """What SQLAlchemy asks of a cursor; made, read and closed without leaving the event loop."""

    arraysize = 1

    def __init__(self, run: Callable[..., Any], connection: Callable[[], sqlite3.Connection]):
        self._run, self._connection = run, connection
        self._rows: Iterator[Any] = iter(())
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute, and fetch all there is."""
        await self._run(self._step, "execute", sql, parameters)
        return self

    async def executemany(self, sql: str, several: Sequence[Sequence[Any]]) -> Self:
        """Execute for each set of parameters."""
        await self._run(self._step, "executemany", sql, several)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the last statement."""
        return list(self._rows)

    async def fetchmany(self, size: int = 1) -> list[Any]:
        """As many of them, where a result is read in parts."""
        return list(islice(self._rows, size))

    async def fetchone(self) -> Any:
        """The next of them, or None."""
        return next(self._rows, None)

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """It is closed already."""

    def _step(self, how: str, sql: str, parameters: Any) -> None:
        cursor = self._connection().cursor()
        try:
            getattr(cursor, how)(sql, parameters)
            self.description = cursor.description
            self._rows = iter(cursor.fetchall() if cursor.description else ())
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class BriskConnection(aiosqlite.Connection):
    """A connection whose cursors are brisk."""

    def cursor(self) -> BriskCursor:  # type: ignore[override]
        """A new one."""
        return BriskCursor(self._execute, lambda: self._conn)


def connect(database: str, **options: Any) -> BriskConnection:
    """Not yet open: to be awaited, as SQLAlchemy does."""
    made = BriskConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    made._thread.daemon = True
    return made
