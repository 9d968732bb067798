"""Rasa as a process: its environment, its training, its command line."""

import os
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.rules.errors import Unavailable
from bot.settings import ROOT, Settings
from bot.terminal import sentence

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
DIALOGUE = ROOT / "bot" / "dialogue"
HEALTH = "/webhooks/gateway/"
TRAINING_LOG = ROOT / ".hotline" / "training.log"
AT_ONCE_SECONDS = 2.0  # a model that is there is found in less
USUAL_SECONDS = 110.0  # of a training on two cores; only the bar's measure


def train() -> Path:
    """The trained model, trained now unless one with this fingerprint is there.

    A bar goes to the terminal, what Rasa says to ``TRAINING_LOG``. Raises Unavailable when
    training fails.
    """
    TRAINING_LOG.parent.mkdir(exist_ok=True)
    with TRAINING_LOG.open("w") as log:
        process = subprocess.Popen(
            [str(PYTHON), "-m", "nlu.train"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        _show_progress(process)
        printed, _ = process.communicate()
    if process.returncode:
        raise Unavailable(sentence("training_failed", log=TRAINING_LOG))
    return Path(printed.strip().splitlines()[-1])


def _show_progress(process: subprocess.Popen[str]) -> None:
    """A bar until it ends, unless it ends at once."""
    began = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        process.wait(AT_ONCE_SECONDS)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(sentence("training"), total=USUAL_SECONDS)
        while process.poll() is None:
            bar.update(task, completed=min(time.monotonic() - began, 0.97 * USUAL_SECONDS))
            time.sleep(0.2)
        bar.update(task, completed=USUAL_SECONDS)


def command(model: Path, port: int, *, endpoints: str = "endpoints.yml") -> list[str]:
    """The command line of a server with this model; ``nlu/serve.py`` completes it."""
    return [
        *(str(PYTHON), "-m", "nlu.serve"),
        *("--model", str(model)),
        *("--endpoints", str(DIALOGUE / endpoints)),
        *("--port", str(port)),
    ]


def environment(actions_url: str, redis_url: str = "") -> Mapping[str, str]:
    """What the server's configuration takes from the environment."""
    return {
        "PYTHONPATH": str(ROOT),
        "HOTLINE_ACTIONS_URL": actions_url,
        "HOTLINE_REDIS_URL": redis_url,
    }


def opinion(settings: Settings) -> Mapping[str, str]:
    """What the understanding takes from the environment to ask for a second opinion."""
    if settings.opinion_encoder:
        return {
            "HOTLINE_OPINION_ENCODER": str(settings.opinion_encoder),
            "HOTLINE_OPINION_URL": settings.opinion_url,
            "HOTLINE_DATA": str(settings.data),
        }
    if not settings.opinion_url:
        return {}
    return {
        "HOTLINE_OPINION_URL": settings.opinion_url,
        "HOTLINE_OPINION_MODEL": settings.opinion_model,
        "HOTLINE_OPINION_KEY": settings.opinion_key.get_secret_value(),
        "HOTLINE_OPINION_SECONDS": str(settings.opinion_seconds),
        "HOTLINE_OPINION_OUTSIDE": str(settings.opinion_outside).lower(),
    }
