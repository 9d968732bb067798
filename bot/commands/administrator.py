"""Make the desk's first account, where there is none, and tell its password."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from bot.terminal import tell, words

if TYPE_CHECKING:
    from bot.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: the settings say where the records are."""


def run(args: argparse.Namespace) -> int:
    """0 when it was made; 1 where there are accounts already."""
    from bot.settings import Settings

    if make(Settings()):
        return 0
    tell("administrator_there")
    return 1


def make(settings: "Settings") -> bool:
    """Whether it was made; its password is told here and nowhere else."""
    from bot.clock import now
    from bot.console.agents import FIRST_LOGIN, first_admin
    from bot.store import Store

    async def first() -> str | None:
        store = await Store.open(settings.database)
        try:
            return await first_admin(store, str(words()["administrator_name"]), now)
        finally:
            await store.close()

    password = asyncio.run(first())
    if password:
        tell("administrator", login=FIRST_LOGIN, password=password)
    return password is not None
