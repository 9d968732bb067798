"""Run the voice process: the phone's media, transcription and speech."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from the settings."""


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it; 1 where there is no speech model."""
    import asyncio
    import sys

    import uvloop

    from bot import log
    from bot.rules.errors import HotlineError
    from bot.settings import Settings
    from voice.server import serve

    settings = Settings()
    log.configure("voice", level=settings.log_level, as_json=settings.log_json)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except HotlineError as error:
        print(f"./hotline voice: {error}", file=sys.stderr)
        return 1
    return 0
