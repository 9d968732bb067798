import asyncio
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from bot.store import Store, TicketFilter
from bot.store.columns import metadata
from bot.store.migrate import scripts, upgrade


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_the_migrations_make_the_tables_that_the_code_uses(
    empty_database_url: str,
) -> None:
    await (await Store.open(empty_database_url)).close()
    plain = {"sqlite+aiosqlite": "sqlite", "postgresql+asyncpg": "postgresql+psycopg"}
    url = make_url(empty_database_url)
    engine = create_engine(url.set(drivername=plain[url.drivername]))
    with engine.connect() as connection:
        found = differences(connection)
        upgrade(connection)  # again: nothing to do
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    assert found == []
    assert revision == scripts().get_current_head()


async def test_many_may_be_migrated_at_once(tmp_path: Path) -> None:
    urls = [f"sqlite+aiosqlite:///{tmp_path / str(n)}.db" for n in range(6)]
    opened = await asyncio.gather(*(Store.open(url) for url in urls))
    for store in opened:
        async with store.read() as records:
            assert await records.tickets.listed(TicketFilter()) == []
        await store.close()


def test_the_migrations_are_one_line() -> None:
    assert len(scripts().get_heads()) == 1
