"""Runs the tests of the mini-program's pages, which are Node.js's, against a gateway."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent


async def drive(name: str, server: str, environment: Mapping[str, str] | None = None) -> None:
    """One file of them; AssertionError with what they said."""
    process = await asyncio.create_subprocess_exec(
        *("node", "--test", "--test-reporter=tap", f"{name}.test.js"),
        cwd=HERE,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOTLINE_TEST_SERVER": server}
        | dict(environment or {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    told = output.decode()
    assert process.returncode == 0, told
    assert re.search(r"^# pass [1-9]", told, re.MULTILINE), told
    assert re.search(r"^# fail 0$", told, re.MULTILINE), told
