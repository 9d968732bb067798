"""Empty records in no time: the migrations run once, and what they made is copied."""

import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from bot.store.migrate import upgrade
from tests.postgres import Cluster

TEMPLATE = "newest"


@cache
def newest() -> bytes:
    """An SQLite file with the newest schema."""
    with tempfile.TemporaryDirectory(prefix="hotline-records-") as folder:
        path = Path(folder) / "newest.db"
        _migrate(make_url(f"sqlite:///{path}"))
        return path.read_bytes()


def sqlite_records(folder: Path) -> str:
    """The URL of empty records in a folder."""
    path = folder / "hotline.db"
    path.write_bytes(newest())
    return f"sqlite+aiosqlite:///{path}"


def postgres_template(cluster: Cluster) -> None:
    """Make the database that the others of a cluster are copied from."""
    url = make_url(cluster.create(TEMPLATE)).set(drivername="postgresql+psycopg")
    _migrate(url)


def postgres_records(cluster: Cluster, name: str) -> str:
    """The URL of empty records in a cluster that has the template."""
    to = f"host={cluster.folder} user=hotline dbname=postgres"
    with psycopg.connect(to, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}".encode())
    return cluster.url(name)


def _migrate(url: URL) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
