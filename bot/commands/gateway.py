"""Serve the chat page, the desk, the API, health and metrics."""

import argparse
import asyncio
import signal


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: the settings say all."""


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop (SIGTERM or Ctrl-C)."""
    import uvloop

    from bot import log
    from bot.gateway import serve
    from bot.settings import Settings

    settings = Settings()
    log.configure("gateway", level=settings.log_level, as_json=settings.log_json)

    async def until_told() -> None:
        loop = asyncio.get_running_loop()
        serving = asyncio.ensure_future(serve(settings))
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, serving.cancel)
        try:
            await serving
        except asyncio.CancelledError:
            return

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_told())
    return 0
