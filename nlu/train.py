"""Train the dialogue and the understanding: ``python -m nlu.train`` in Rasa's environment.

The model is named by the fingerprint of all that goes into it and kept in ``.hotline/models``;
when it is there already, nothing is trained. Prints the model's path; Rasa's words go to stderr.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from nlu.fingerprint import CONFIG, DOMAIN, FIRST_EXAMPLE, MODELS, RULES, model_path
from nlu.tensorless import stand_in


def train(force: bool = False) -> Path:
    """The model of the present files, trained if there is none. SystemExit if training fails."""
    path = model_path()
    if path.exists() and not force:
        return path
    MODELS.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with contextlib.redirect_stdout(sys.stderr):
        trained = _train(path)
    for old in MODELS.glob("*.tar.gz"):
        if old != trained:
            old.unlink(missing_ok=True)
    return trained


def _train(path: Path) -> Path:
    stand_in()
    from rasa.model_training import train as rasa_train

    result = rasa_train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(RULES), str(FIRST_EXAMPLE)],
        output=str(path.parent / "made"),
        fixed_model_name=f"{os.getpid()}-{path.name.removesuffix('.tar.gz')}",
        force_training=True,
    )
    if result.model is None or result.code != 0:
        raise SystemExit(f"training failed with code {result.code}")
    # whoever reads it meanwhile, or trains the same beside, meets a whole model
    return Path(result.model).replace(path)


def main() -> None:
    """Train, and print the model's path."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--force", action="store_true", help="train even if the model is there")
    print(train(parser.parse_args().force))


if __name__ == "__main__":
    main()
