"""Rasa as a process: its environment, its training, its command line."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bot.rules.errors import Unavailable
from bot.settings import ROOT, Settings

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
DIALOGUE = ROOT / "bot" / "dialogue"
HEALTH = "/webhooks/gateway/"


def train() -> Path:
    """The trained model, trained now unless one with this fingerprint is there.

    Progress goes to the terminal. Raises Unavailable when training fails.
    """
    done = subprocess.run(
        [str(PYTHON), "-m", "nlu.train"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"training the dialogue failed with status {done.returncode}")
    return Path(done.stdout.strip().splitlines()[-1])


def command(model: Path, port: int, *, endpoints: str = "endpoints.yml") -> list[str]:
    """The command line of a server with this model."""
    return [
        *(str(PYTHON), "-m", "nlu.serve"),
        *("--model", str(model)),
        *("--endpoints", str(DIALOGUE / endpoints)),
        *("--credentials", str(DIALOGUE / "credentials.yml")),
        *("--port", str(port)),
    ]


def environment(actions_url: str, redis_url: str = "") -> Mapping[str, str]:
    """What the server's configuration takes from the environment."""
    return {
        "PYTHONPATH": str(ROOT),
        "HOTLINE_ACTIONS_URL": actions_url,
        "HOTLINE_REDIS_URL": redis_url,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def opinion(settings: Settings) -> Mapping[str, str]:
    """What the understanding takes from the environment to ask for a second opinion."""
    if not settings.opinion_url:
        return {}
    return {
        "HOTLINE_OPINION_URL": settings.opinion_url,
        "HOTLINE_OPINION_MODEL": settings.opinion_model,
        "HOTLINE_OPINION_KEY": settings.opinion_key.get_secret_value(),
        "HOTLINE_OPINION_SECONDS": str(settings.opinion_seconds),
        "HOTLINE_OPINION_OUTSIDE": str(settings.opinion_outside).lower(),
    }
