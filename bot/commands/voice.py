"""Run the voice process: the phone's media, transcription and speech."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from the settings."""


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    import asyncio

    from bot import log
    from bot.settings import Settings
    from voice.server import serve

    settings = Settings()
    log.configure("voice", level=settings.log_level, as_json=settings.log_json)
    asyncio.run(serve(settings))
    return 0
