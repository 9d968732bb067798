"""The action server: what the dialogue does (search, open, hand off)."""

import argparse
import asyncio
import signal


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    asyncio.run(_serve())
    return 0


async def _serve() -> None:
    from aiohttp import web

    from actions.server import application, executor
    from actions.wiring import services
    from bot.log import configure
    from bot.settings import Settings
    from bot.wiring import office

    settings = Settings()
    configure("actions", level=settings.log_level, as_json=settings.log_json)
    async with office(settings) as opened:
        made = executor(services(settings, opened.desk))
        runner = web.AppRunner(application(lambda _: made), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", settings.actions_port).start()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
        await runner.cleanup()
