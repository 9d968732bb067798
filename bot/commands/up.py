"""Start everything on embedded defaults, wait until it is healthy, print the addresses."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.terminal import console, sentence, tell, words

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.supervision import Process

READY_SECONDS = 180.0
LOOK_SECONDS = 0.2


def add(parser: argparse.ArgumentParser) -> None:
    """Where to listen and where to keep state."""
    parser.add_argument("--port", type=int, help="the chat page and the desk (default 8345)")
    parser.add_argument("--data", type=Path, help="folder for state (default .hotline/data)")


def run(args: argparse.Namespace) -> int:
    """Start, wait, serve until Ctrl-C or until a process dies for good."""
    from bot import encoding, rasa
    from bot.commands import administrator
    from bot.secret import signing_key
    from bot.supervision import configuration, processes

    settings = settings_for(args.port, args.data)
    settings.data.mkdir(parents=True, exist_ok=True)
    signing_key(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    encoding.prepare(settings)
    encoding.prepare_opinion(settings)
    model = rasa.train()
    wanted = processes(settings, model)
    config = configuration(settings, wanted)
    if _running(settings):
        tell("already_running", data=settings.data)
        return 1
    supervisord = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        start_new_session=True,
    )
    try:
        _start(settings, wanted)
        _warm_up(settings)
        _tell(settings, time.monotonic() - started)
        administrator.make(settings)
        return _watch(settings, wanted)
    except KeyboardInterrupt:
        return 0
    except TimeoutError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    finally:
        tell("stopping")
        supervisord.terminate()
        supervisord.wait(timeout=60)


def _running(settings: "Settings") -> bool:
    """Whether a supervisord serves this data folder; a socket that nobody answers is removed."""
    from bot.supervision import door, socket_of

    try:
        with door(settings) as supervisor:
            supervisor.getState()
    except OSError:
        socket_of(settings).unlink(missing_ok=True)
        return False
    return True


def _interrupt(number: int, frame: object) -> None:
    """Being told to stop is as good as Ctrl-C: what was started is stopped too."""
    raise KeyboardInterrupt


def settings_for(port: int | None, data: Path | None) -> "Settings":
    """The settings with this command's arguments; the inner ports follow the outer one."""
    from bot.settings import Settings

    given: dict[str, Any] = {}
    if data:
        given["data"] = data.resolve()
    if port:
        given |= {
            "port": port,
            "voice_port": port + 1,
            "audiosocket_port": port + 2,
            "rasa_url": f"http://127.0.0.1:{port + 3}",
            "worker_port": port + 4,
            "actions_port": port + 5,
        }
    return Settings(**given)


def _start(settings: "Settings", wanted: "list[Process]") -> None:
    """Start the processes, and say of each, in order, when it is healthy."""
    from bot.supervision import door, socket_of

    _until(socket_of(settings).exists, "supervisord")
    with door(settings) as supervisor:
        for process in wanted:
            supervisor.startProcess(process.name, False)
            if process.health is None:  # the others need Redis from their first moment on
                _until((settings.data / "redis.sock").exists, process.name)
        for process in wanted:
            began = time.monotonic()
            _until(lambda process=process: _healthy(process), process.name, supervisor)
            tell("healthy", name=process.name, seconds=time.monotonic() - began)


def _healthy(process: "Process") -> bool:
    if process.health is None:
        return True
    try:
        with urllib.request.urlopen(process.health, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException):  # a port that nobody listens on may even answer itself
        return False


def _until(condition: Any, name: str, supervisor: Any = None) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not condition():
        if supervisor and supervisor.getProcessInfo(name)["statename"] == "FATAL":
            raise TimeoutError(sentence("never_started", name=name))
        if time.monotonic() > deadline:
            raise TimeoutError(sentence("not_ready", name=name, seconds=READY_SECONDS))
        time.sleep(LOOK_SECONDS)


def _warm_up(settings: "Settings") -> None:
    """Let the first sentence be as fast as the hundredth: dictionaries loaded, caches filled."""
    import json

    from bot.dialogue.client import WEBHOOK

    for text in words()["warm_up"]:
        call = {"sender": "warm-up", "text": text, "channel": "web", "metadata": {}}
        request = urllib.request.Request(
            settings.rasa_url + WEBHOOK,
            json.dumps(call).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()


def _tell(settings: "Settings", seconds: float) -> None:
    tell(
        "ready",
        seconds=seconds,
        base=f"http://{settings.host}:{settings.port}",
        media=f"{settings.media_host}:{settings.voice_port}",
        logs=settings.data / "logs",
    )


def _watch(settings: "Settings", wanted: "list[Process]") -> int:
    """Until Ctrl-C, or one of them has died for good."""
    from bot.supervision import door

    with door(settings) as supervisor:
        while True:
            time.sleep(1)
            for info in supervisor.getAllProcessInfo():
                if info["statename"] == "FATAL":
                    tell("died", name=info["name"])
                    return 1
