"""A gateway in a process of its own, with a scripted dialogue: for benchmarks that load or kill it.

``python -m tests.desk_gateway FOLDER REDIS_URL PORT`` has everything imported and, for each line
on its standard input, starts one as a child and tells its number: a killed one is back at once.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from bot import log
from bot.console.shelf import opened
from bot.live import Live
from bot.steadiness import steady
from knowledge_base.loading import ENTRIES
from tests.bot.console.house import furnish


async def serve(folder: Path, redis_url: str, port: int) -> None:
    """Until it is killed."""
    log.configure("gateway", level="ERROR")
    async with furnish(folder, Live(redis_url)) as house:
        runner = web.AppRunner(house.app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        await asyncio.Event().wait()


def main() -> None:
    """Start one for each line; all of them end with the input."""
    opened(ENTRIES)  # its children have it
    steady()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    born: list[int] = []
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
            os._exit(0)
        born.append(child)
        print(child, flush=True)
    for child in born:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
