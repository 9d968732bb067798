"""Rasa's ResponseSelector as a peer of the search: trained on the same questions and variants."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.rasa import PYTHON, environment
from bot.settings import ROOT
from knowledge_base.entry import Entry
from tests.bench.progress import progress

EPOCHS = int(os.environ.get("HOTLINE_BENCH_EPOCHS", "20"))  # Rasa's own 300 would take hours
PEER = f"Rasa's ResponseSelector, {EPOCHS} epochs"
PIPELINE = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "ResponseSelector", "retrieval_intent": "faq", "epochs": EPOCHS, "batch_size": 256,
     "constrain_similarities": True, "random_seed": 1},
]  # fmt: skip


def selected(entries: Sequence[Entry], questions: Sequence[str]) -> list[list[str]]:
    """For every question the entries' ids as the selector ranks them, ten at most."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        _write(project, entries)
        asked = project / "questions.json"
        asked.write_text(json.dumps(list(questions), ensure_ascii=False), encoding="utf-8")
        command = [str(PYTHON), "-W", "ignore", "-m", "tests.bench.in_rasa.selecting"]
        settings = os.environ | dict(environment("http://127.0.0.1:9/webhook"))
        found: list[list[str]] = []
        with (
            progress(f"{PEER}: trained, then asked", len(questions)) as step,
            subprocess.Popen(
                [*command, str(project), str(asked)],
                cwd=ROOT,
                env=settings,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as process,
        ):
            for line in process.stdout or ():
                if line.startswith("{"):
                    found.append(json.loads(line)["ranking"][:10])
                    step()
        if process.returncode or len(found) != len(questions):
            raise RuntimeError(f"Rasa's side ended with status {process.returncode}")
        return found


def _write(project: Path, entries: Sequence[Entry]) -> None:
    """The entries as Rasa wants them: an intent in parts, one for each, and its answer."""
    rows = [
        {
            "intent": f"faq/{entry.id}",
            "examples": "".join(f"- {text}\n" for text in (entry.question, *entry.variants)),
        }
        for entry in entries
    ]
    domain = {
        "version": "3.1",
        "intents": ["faq"],
        "responses": {f"utter_faq/{entry.id}": [{"text": entry.answer}] for entry in entries},
    }
    config = {"recipe": "default.v1", "language": "zh", "pipeline": PIPELINE}
    for name, content in (
        ("config", config | {"assistant_id": "faq"}),
        ("domain", domain),
        ("nlu", {"version": "3.1", "nlu": rows}),
    ):
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (project / f"{name}.yml").write_text(text, encoding="utf-8")
