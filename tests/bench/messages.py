"""Seven first-level classes of real citizens' messages, where a folder of them is at hand.

Runs in Rasa's environment, which has scikit-learn; the figure beside it is a linear support vector
machine over words and character 2-4 grams, measured on the same split.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.rasa import PYTHON
from bot.settings import ROOT
from tests.bench.measurement import Measurement

BEST_KNOWN = 0.889


def seven_classes() -> Iterator[Measurement]:
    """Macro-F1 on the development split, trained on the training split; nothing without data."""
    folder = os.environ.get("HOTLINE_DEV_DATA")
    if not folder or not (Path(folder) / "messages" / "messages.train.jsonl").exists():
        print("seven classes: no HOTLINE_DEV_DATA, left out", file=sys.stderr)
        return
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-m", "tests.bench.in_rasa.message_classes", folder],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    value = json.loads(done.stdout.strip().splitlines()[-1])["macro_f1"]
    yield Measurement(
        "seven classes of citizens' messages, macro-F1",
        value,
        "",
        "LinearSVC, words and 2-4 grams",
        BEST_KNOWN,
        BEST_KNOWN,
    )
