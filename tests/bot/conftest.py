"""Stores on both databases, and a desk at a set time."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from bot.desk import Desk, Rulebook
from bot.rules.session import Channel
from bot.store import Store
from tests.postgres import Cluster, cluster
from tests.records import postgres_records, postgres_template, sqlite_records

_numbers = count(1)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL without fsync: these tests ask what it does, not what a power cut leaves."""
    with cluster("fsync=off", "max_connections=200") as one:
        postgres_template(one)
        yield one


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of empty records; each test that asks runs on both kinds of database."""
    if request.param == "sqlite":
        return sqlite_records(tmp_path)
    return postgres_records(request.getfixturevalue("postgres"), f"test{next(_numbers)}")


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table, of both kinds."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}"
    one: Cluster = request.getfixturevalue("postgres")
    return one.create(f"test{next(_numbers)}")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


class Heard:
    """An announcer that remembers."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    async def publish(self, topic: str, event: dict[str, object]) -> None:
        self.events.append((topic, event))

    def on(self, topic: str) -> list[dict[str, object]]:
        """The events of a topic."""
        return [event for name, event in self.events if name == topic]


@pytest.fixture
def heard() -> Heard:
    """Who listens to the desk."""
    return Heard()


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The city's tables."""
    return Rulebook.standing()


@pytest.fixture
async def desk(store: Store, heard: Heard, rulebook: Rulebook) -> Desk:
    """A desk, with one session begun: ``s1``."""
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, "13800138000", MONDAY)
    return Desk(store, heard, rulebook)
