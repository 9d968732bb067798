"""SQLite with one change of threads a statement.

aiosqlite runs each step of a statement (make a cursor, execute, fetch, close) in its thread, and
each step costs two switches: on a busy machine a third of a ticket's opening. SQLAlchemy fetches
everything at once anyway, so here one step does it all. BEGIN goes with the first statement, and
what only read is ended without a switch: there is nothing to wait for.
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

    _unbegun: str | None = None  # the BEGIN that the next statement brings
    _reading = False
    _asked = _done = 0  # steps; who was cancelled has not waited for theirs

    def cursor(self) -> BriskCursor:  # type: ignore[override]
        """A new one."""
        return BriskCursor(self._execute, self._begun)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
        self._asked += 1
        return await super()._execute(self._step, fn, args, options)  # type: ignore[no-untyped-call]

    def _step(self, fn: Callable[..., Any], args: Any, options: Any) -> Any:
        try:
            return fn(*args, **options)
        finally:
            self._done += 1

    def begin(self, *, reading: bool) -> None:
        """A transaction from the next statement on."""
        self._unbegun, self._reading = "BEGIN" if reading else "BEGIN IMMEDIATE", reading

    async def commit(self) -> None:
        """Nothing where nothing was begun."""
        if self._nothing_begun():
            return
        await super().commit()

    async def rollback(self) -> None:
        """Nothing where nothing was begun; at once where nothing was written."""
        if self._nothing_begun():
            return
        if self._reading and self._asked == self._done:
            self._conn.rollback()
        else:
            await super().rollback()

    def _nothing_begun(self) -> bool:
        unbegun, self._unbegun = self._unbegun, None
        return unbegun is not None

    def _begun(self) -> sqlite3.Connection:
        begin, self._unbegun = self._unbegun, None
        if begin is not None:
            self._conn.execute(begin)
        return self._conn


def connect(database: str, **options: Any) -> BriskConnection:
    """Not yet open: to be awaited, as SQLAlchemy does."""
    options["check_same_thread"] = False  # never two at once
    made = BriskConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    made._thread.daemon = True
    return made
