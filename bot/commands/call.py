"""Hold a phone call from recorded utterances: a JSON line a turn, and what the caller hears."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: the caller's utterances in order, where to write, the number that calls."""
    parser.add_argument("recordings", nargs="+", type=Path, metavar="WAV")
    parser.add_argument("--out", type=Path, default=Path("call"), metavar="DIR")
    parser.add_argument("--caller", metavar="NUMBER", help="the calling number")


def run(args: argparse.Namespace) -> int:
    """0 when the call was held to its end."""
    import asyncio
    import json
    import sys

    from bot import log
    from bot.harness import stage
    from bot.rules.errors import HotlineError
    from bot.settings import Settings
    from voice import rehearsal
    from voice.legs.file import FileLeg

    settings = Settings()
    log.configure("call", level=settings.log_level, as_json=settings.log_json)

    async def hold() -> int:
        said = await asyncio.to_thread(rehearsal.load, args.recordings)
        async with stage(settings) as stand, stand.scene() as scene:
            leg = FileLeg(scene.session_id, said, rate=rehearsal.RATE, caller=args.caller)
            end = await rehearsal.rehearse(settings, leg, scene.conversation, args.out)
        print(json.dumps(end, ensure_ascii=False))
        return 0

    try:
        return asyncio.run(hold())
    except HotlineError as error:
        print(f"./hotline call: {error}", file=sys.stderr)
        return 1
