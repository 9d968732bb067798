"""A city's worth of tickets, made inside the database in seconds: what the benchmarks sweep."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

UNITS = 60
STREETS = 176

TICKET = """
INSERT INTO tickets (
    ticket_no, key, session_id, status, version, kind, nature, category, content, address,
    district, street, occurred, target, expectation, transcript, confidential, anonymous, urgency,
    channel, lead_unit, co_units, rule_id, confidence, accepted_at, transfer_due_at, due_at,
    runs_until, transferred_at, started_at, given_at, signed_at, replied_at, closed_at,
    archived_at, reply, close_kind, returns, extensions, urgings, rework_count, coordinations,
    supervised, difficult
)
SELECT '{prefix}' || n, '{prefix}' || n, 's', '{status}', 4, 'appeal', NULL, '类' || (n % 200),
    '路灯不亮', (n % 5000) || '号', '区' || (n % 11), '街' || (n % {streets}), '', '', '', '',
    {false}, {false}, 'normal', 'web', '单位' || (n % {units}), '[]', 'R08', 0.9, {accepted},
    {accepted_plus_15}, {due}, {runs}, {transferred}, {transferred}, {transferred}, {transferred},
    {replied}, {replied}, {replied}, '', '', 0, 0, 0, n % 20 / 19, 0, {false}, {false}
FROM {numbers}
"""

CALLERS = """
INSERT INTO identities (ticket_no, name, phone)
SELECT '{prefix}' || n, '陈先生', '138' || (10000000 + n) FROM {numbers}
"""

LAST_ROW = """
INSERT INTO history (ticket_no, seq, event, status, by, at, reason, facts, hash)
SELECT '{prefix}' || n, 4, 'sign', 'signed', 'u', {transferred}, '', '{{}}', '0' FROM {numbers}
"""

FIRST_ROW = """
INSERT INTO history (ticket_no, seq, event, status, by, at, reason, facts, hash)
SELECT '{prefix}' || n, 1, 'opened', 'accepted', 'bot', {accepted}, '',
    CAST('{{"rule": "R' || n % 40 || '", "proposed": "单位' || (n % {units} + n % 7 / 6) || '"}}'
        AS {json}), '0'
FROM {numbers}
"""

RATED = """
INSERT INTO ratings ("of", grade, method, session_id, ticket_no, comment, at)
SELECT 'result', 5 - n % 9 / 2, 'wechat', 's', '{prefix}' || n, '', {replied}
FROM {numbers} WHERE n % 3 = 0
"""

MARKS = """
INSERT INTO deadlines (ticket_no, clock, mark, due_at, state)
SELECT '{prefix}' || n, 'handling', mark, {due}, '{state}'
FROM {numbers}, (SELECT 'warning' AS mark UNION SELECT 'alarm' UNION SELECT 'breach') AS marks
"""


class Crowd:
    """Writes many tickets into one database, given by its SQLAlchemy URL.

    All open ones are due between ``first`` and ``first`` plus ``days``; closed ones were accepted
    in the 30 days before ``first``.
    """

    def __init__(self, url: str, first: datetime, days: float = 15.0) -> None:
        self._url = url
        self._first = first.astimezone(UTC)
        self._days = days

    def add(self, prefix: str, count: int, *, open: bool) -> None:
        """Add ``count`` tickets whose numbers begin with ``prefix``."""
        if self._url.startswith("sqlite"):
            self._on_sqlite(prefix, count, open)
        else:
            asyncio.run(self._on_postgresql(prefix, count, open))

    def _statements(
        self, prefix: str, count: int, open: bool, numbers: str, moment: str, no: str
    ) -> list[str]:
        """``moment`` turns seconds after ``first`` into the database's time."""
        spread = f"n * {self._days * 86400 / count}"
        ago = f"-n * {30 * 86400 / count}"

        def at(seconds: str) -> str:
            return moment.format(seconds=seconds)

        accepted = at("-86400 + 0") if open else at(ago)
        fields = {
            "prefix": prefix,
            "status": "signed" if open else "archived",
            "false": no,
            "json": "TEXT" if no == "0" else "JSONB",
            "streets": STREETS,
            "units": UNITS,
            "numbers": numbers,
            "accepted": accepted,
            "accepted_plus_15": at("-86400 + 900") if open else at(f"{ago} + 900"),
            "due": at(spread) if open else at(f"{ago} + 864000"),
            "runs": at(spread) if open else "NULL",
            "transferred": at("-86400 + n % 1000") if open else at(f"{ago} + n % 1000"),
            "replied": "NULL" if open else at(f"{ago} + n % 900000"),
        }
        state = {"state": "pending" if open else "cancelled"}
        wanted = [TICKET, CALLERS, LAST_ROW, MARKS, *(() if open else (FIRST_ROW, RATED))]
        return [statement.format(**(fields | state)) for statement in wanted]

    def _on_sqlite(self, prefix: str, count: int, open: bool) -> None:
        counted = "WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted"
        numbers = f"({counted} WHERE n + 1 < {count}) SELECT n FROM counted) AS numbers"  # noqa: S608
        epoch = self._first.timestamp()
        moment = f"strftime('%Y-%m-%d %H:%M:%f000', {epoch} + {{seconds}}, 'unixepoch')"
        path = Path(self._url.split("///", 1)[1])
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-400000")
            connection.execute("BEGIN IMMEDIATE")
            for statement in self._statements(prefix, count, open, numbers, moment, "0"):
                connection.execute(statement)
            connection.execute("COMMIT")
            connection.execute("ANALYZE")
            connection.execute("PRAGMA busy_timeout=60000")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # no city grows at once
        finally:
            connection.close()

    async def _on_postgresql(self, prefix: str, count: int, open: bool) -> None:
        numbers = f"generate_series(0, {count - 1}) AS numbers(n)"
        moment = f"to_timestamp({self._first.timestamp()} + {{seconds}})"
        connection = await asyncpg.connect(self._url.replace("+asyncpg", ""))
        try:
            await connection.execute("SET session_replication_role = replica")
            for statement in self._statements(prefix, count, open, numbers, moment, "false"):
                await connection.execute(statement)
            await connection.execute("VACUUM ANALYZE tickets")
            await connection.execute("VACUUM ANALYZE deadlines")
        finally:
            await connection.close()
