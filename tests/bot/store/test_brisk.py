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
