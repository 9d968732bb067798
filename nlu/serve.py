"""Rasa's server, on loopback. Arguments as of ``rasa run``; each that is not given is ours.

It listens where ``HOTLINE_RASA_URL`` says, runs its actions at ``HOTLINE_ACTIONS_URL`` (by default
this machine's ``HOTLINE_ACTIONS_PORT``) and keeps conversations in ``HOTLINE_REDIS_URL``.
"""

import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from nlu.tensorless import stand_in
from nlu.train import train

DIALOGUE = Path(__file__).resolve().parent.parent / "bot" / "dialogue"
RASA_URL = "http://127.0.0.1:8348"
ACTIONS_PORT = "8350"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def completed(given: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """``rasa run`` with every argument; of one that stands twice Rasa takes the last.

    Without ``--model`` it is the model of the present files, trained first if there is none.
    """
    url = environment.get("HOTLINE_RASA_URL") or RASA_URL
    model = [] if "--model" in given else ["--model", str(train())]
    return [
        *("run", "--interface", "127.0.0.1", *model),
        *("--endpoints", str(DIALOGUE / "endpoints.yml")),
        *("--credentials", str(DIALOGUE / "credentials.yml")),
        *("--port", url.rsplit(":", 1)[1].rstrip("/")),
        *given,
    ]


def actions_url(environment: Mapping[str, str]) -> str:
    """Where the action server is."""
    port = environment.get("HOTLINE_ACTIONS_PORT") or ACTIONS_PORT
    return environment.get("HOTLINE_ACTIONS_URL") or f"http://127.0.0.1:{port}/webhook"


def serve(given: Sequence[str]) -> None:
    """Serve until told to stop."""
    warnings.simplefilter("ignore")
    os.environ.update(QUIET, HOTLINE_ACTIONS_URL=actions_url(os.environ))
    stand_in()
    sys.argv[1:] = completed(given, os.environ)
    from rasa.__main__ import main

    main()


if __name__ == "__main__":
    serve(sys.argv[1:])
