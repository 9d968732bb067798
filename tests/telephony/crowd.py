"""Many callers at once, by sipp: each calls, plays its speech, hangs up."""

import asyncio
import tempfile
from pathlib import Path

from bot.harness import free_port
from voice.audio import Samples, to_bytes, to_law

SCENARIO = Path(__file__).with_name("sipp.xml")


async def crowd(line: str, port: int, calls: int, speech: Samples, seconds: float) -> int:
    """sipp's exit status: 0 when every call was held to its end. ``speech`` at 8 kHz.

    ``port``: the carrier's, the only one that Asterisk takes calls from.
    """
    with tempfile.TemporaryDirectory(prefix="hotline-crowd-") as made:
        folder = Path(made)
        (folder / "speech.al").write_bytes(to_law(to_bytes(speech), "alaw"))
        text = SCENARIO.read_text("utf-8").replace("@speech@", str(folder / "speech.al"))
        text = text.replace("@milliseconds@", str(int(seconds * 1000)))
        (folder / "caller.xml").write_text(text, "utf-8")
        process = await asyncio.create_subprocess_exec(
            *("sipp", line, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port)),
            *("-mp", str(free_port() & ~1), "-s", "12345", "-sf", str(folder / "caller.xml")),
            *("-m", str(calls), "-l", str(calls), "-r", "10", "-nostdin"),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await process.wait()
