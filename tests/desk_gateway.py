"""A gateway in a process of its own, with a scripted dialogue: for benchmarks that load or kill it.

``python -m tests.desk_gateway FOLDER REDIS_URL PORT``
"""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from bot import log
from bot.live import Live
from tests.bot.console.house import furnish


async def serve(folder: Path, redis_url: str, port: int) -> None:
    """Until it is killed."""
    log.configure("gateway", level="ERROR")
    async with furnish(folder, Live(redis_url)) as house:
        runner = web.AppRunner(house.app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
