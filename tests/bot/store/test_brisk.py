import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.store import brisk


async def test_a_statement_is_executed_and_fetched_in_one_step(tmp_path: Path) -> None:
    async with brisk.connect(str(tmp_path / "x.db")) as connection:
        async with connection.cursor() as cursor:
            await cursor.execute("CREATE TABLE t (a, b)")
            await cursor.executemany("INSERT INTO t VALUES (?, ?)", [(1, "x"), (2, "y"), (3, "z")])
            assert (cursor.rowcount, cursor.description) == (3, None)
            await cursor.execute("SELECT a, b FROM t WHERE a > ? ORDER BY a", (1,))
            assert [column[0] for column in cursor.description] == ["a", "b"]
            assert await cursor.fetchall() == [(2, "y"), (3, "z")]
            assert await cursor.fetchall() == []
        await connection.commit()


async def test_an_error_comes_out_and_the_cursor_goes_on(tmp_path: Path) -> None:
    async with brisk.connect(str(tmp_path / "x.db")) as connection:
        cursor = connection.cursor()
        await cursor.execute("CREATE TABLE t (a PRIMARY KEY)")
        await cursor.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(sqlite3.IntegrityError):
            await cursor.execute("INSERT INTO t VALUES (1)")
        await cursor.execute("SELECT count(*) FROM t")
        assert await cursor.fetchall() == [(1,)]


LONG = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000)
SELECT max(i) FROM n"""


async def rows(connection: brisk.BriskConnection) -> int:
    cursor = connection.cursor()
    await cursor.execute("SELECT count(*) FROM t")
    return int((await cursor.fetchone())[0])


async def test_a_transaction_begins_with_its_first_statement(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    async with (
        brisk.connect(path, isolation_level=None) as one,
        brisk.connect(path, isolation_level=None, timeout=0) as other,
    ):
        await one.cursor().execute("CREATE TABLE t (a)")
        one.begin(reading=False)
        assert not one.in_transaction
        await one.rollback()  # nothing was begun
        one.begin(reading=False)
        await one.cursor().execute("INSERT INTO t VALUES (1)")
        assert one.in_transaction
        other.begin(reading=False)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await rows(other)
        await one.rollback()
        assert await rows(one) == 0


async def test_what_only_read_sees_one_moment_until_it_ends(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    async with (
        brisk.connect(path, isolation_level=None) as one,
        brisk.connect(path, isolation_level=None) as other,
    ):
        await one.cursor().execute("PRAGMA journal_mode=WAL")
        await one.cursor().execute("CREATE TABLE t (a)")
        other.begin(reading=True)
        assert await rows(other) == 0
        await one.cursor().execute("INSERT INTO t VALUES (1)")
        assert await rows(other) == 0
        await other.rollback()
        assert not other.in_transaction
        assert await rows(other) == 1


async def test_who_was_cancelled_in_a_long_statement_ends_it_in_turn(tmp_path: Path) -> None:
    async with brisk.connect(str(tmp_path / "x.db"), isolation_level=None) as connection:
        connection.begin(reading=True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await connection.cursor().execute(LONG)
        await connection.rollback()
        assert not connection.in_transaction
