"""Transcribe recordings: a JSON line each, with the text and how long it took."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: the recordings, and the language spoken in them."""
    parser.add_argument("recordings", nargs="+", type=Path, metavar="WAV")
    parser.add_argument("--language", choices=("zh", "yue"), help="default: from the settings")


def run(args: argparse.Namespace) -> int:
    """0 when every recording could be read and somebody speaks in it."""
    import asyncio

    from bot import log
    from bot.settings import Settings
    from voice.transcribe import transcribe

    settings = Settings()
    log.configure("transcribe", level=settings.log_level, as_json=settings.log_json)
    return asyncio.run(transcribe(settings, args.recordings, args.language))
