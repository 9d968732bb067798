"""Run a worker: clocks, outbox, call-backs, reports. Safe to run twice."""

import argparse
import asyncio
import signal


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: the settings say all."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop (SIGTERM or Ctrl-C)."""
    from bot import log
    from bot.settings import Settings
    from bot.worker import serve

    settings = Settings()
    log.configure("worker", level=settings.log_level, as_json=settings.log_json)

    async def until_told() -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        async with asyncio.TaskGroup() as group:
            work = group.create_task(serve(settings))
            work.add_done_callback(lambda _: stop.set())
            await stop.wait()
            work.cancel()

    asyncio.run(until_told())
    return 0
