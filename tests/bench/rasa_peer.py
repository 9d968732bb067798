"""Rasa's default pipeline beside ours: trained once on the same data, asked, started."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.rasa import DIALOGUE, PYTHON, environment
from bot.settings import ROOT

CONFIG = Path(__file__).with_name("rasa_peer.yml")
MODELS = ROOT / ".hotline" / "bench"
EPOCHS = next(
    part["epochs"]
    for part in yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["pipeline"]
    if part["name"] == "DIETClassifier"
)


@dataclass(frozen=True)
class Peer:
    """The trained default pipeline."""

    model: Path

    @classmethod
    def trained(cls) -> "Peer":
        """From the cache, or trained now on the same examples and rules; told on stderr."""
        digest = hashlib.sha256(CONFIG.read_bytes())
        for path in sorted((ROOT / "nlu" / "data").glob("*.yml")):
            digest.update(path.read_bytes())
        model = MODELS / f"peer-{digest.hexdigest()[:12]}.tar.gz"
        if not model.exists():
            print(
                "training Rasa's default pipeline on the same data (minutes) ...", file=sys.stderr
            )
            _run("train", str(CONFIG), str(model), tensorless=False)
        return cls(model)


@dataclass(frozen=True)
class Asked:
    """Answers in order, and the CPU seconds of each turn: understanding and next action."""

    answers: list[dict[str, Any]]
    seconds: list[float]


@dataclass(frozen=True)
class Process:
    """A server: CPU seconds until it answers its health, and its resident memory then."""

    seconds: float
    mib: float


def ask(model: Path, texts: Sequence[str], tensorless: bool = True) -> Asked:
    """Ask a model the sentences in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(list(texts), file, ensure_ascii=False)
        file.flush()
        rows = [
            json.loads(line) for line in _run("ask", str(model), file.name, tensorless=tensorless)
        ]
    return Asked(rows, [row["seconds"] for row in rows])


def serve(model: Path, tensorless: bool = True) -> Process:
    """Start a server with the model, wait until it is healthy, weigh it, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module = ["nlu.serve"] if tensorless else ["rasa", "run", "--interface", "127.0.0.1"]
    command = [
        *(str(PYTHON), "-W", "ignore", "-m", *module, "--model", str(model), "--port", str(port)),
        *("--endpoints", str(DIALOGUE / "endpoints-memory.yml")),
        *("--credentials", str(DIALOGUE / "credentials.yml")),
    ]
    settings = os.environ | dict(environment("http://127.0.0.1:9/webhook"))
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/webhooks/gateway/", seconds=300)
            return Process(*_weigh(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise TimeoutError(f"{address} did not answer in {seconds} s")


def _weigh(pid: int) -> tuple[float, float]:
    """CPU seconds so far and resident memory in MiB."""
    done = subprocess.run(
        ["ps", "-o", "cputimes=,rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    seconds, kib = done.stdout.split()
    return float(seconds), float(kib) / 1024


def _run(*arguments: str, tensorless: bool) -> list[str]:
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-m", "tests.bench.in_rasa.asked", *arguments],
        cwd=ROOT,
        env=os.environ
        | dict(environment("http://127.0.0.1:9/webhook"))
        | {"HOTLINE_BENCH_TENSORLESS": str(int(tensorless)), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if line.startswith("{")]
