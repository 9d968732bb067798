"""Train the models from examples. Needs scikit-learn, which Rasa's environment has.

Deterministic: the same examples give the same models.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from nlu.understanding.examples import Example
from nlu.understanding.features import features
from nlu.understanding.groups import group_of
from nlu.understanding.learning import Question, learn
from nlu.understanding.model import Model
from nlu.understanding.network import Network
from nlu.understanding.sounds import write_sounds
from nlu.understanding.text import LEXICON, read
from nlu.understanding.vocabulary import Vocabulary

SHARPNESS = 5.0
MOST_FEATURES = 110_000
PLACED = frozenset({"complain", "police", "fire", "medical", "suggest"})
Progress = Callable[[str], None]


def train(examples: Sequence[Example], folder: Path, progress: Progress = lambda _: None) -> None:
    """Learn to answer every question on ``examples`` and write what was learnt to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sounds(folder)
    progress(f"{len(examples)} examples")
    varied = vary(examples)
    with ProcessPoolExecutor() as pool, threadpool_limits(1):
        found = list(pool.map(_features, [e.text for e in varied], chunksize=500))
        vocabulary = _vocabulary(found)
        vocabulary.save(folder)
        matrix = _matrix(vocabulary, found)
        progress(f"{len(varied)} with variations, {len(vocabulary.index)} features")
        asked = questions(varied)
        network = pool.submit(_learned, matrix, asked)
        for question in (*asked, Question("group", [_group(e) for e in varied])):
            rows = [i for i, answer in enumerate(question.answers) if answer]
            fit(matrix[rows], [str(question.answers[i]) for i in rows]).save(folder, question.name)
            progress(f"{question.name}: {len(question.labels)} labels, {len(rows)} rows")
        network.result().save(folder)


def _features(text: str) -> list[str]:
    return features(read(text))


def _learned(matrix: csr_matrix, asked: Sequence[Question]) -> Network:
    with threadpool_limits(1):  # small matrices: more threads wait for each other
        return learn(matrix, asked)


def questions(examples: Sequence[Example]) -> tuple[Question, ...]:
    """What is asked of each example: intent, category, door, danger now."""
    return (
        Question("intent", [_intent(e) for e in examples]),
        Question("category", [e.category for e in examples], 2.0),
        Question("referral", [e.referral for e in examples], 0.5),
        Question("danger", [_danger(e) for e in examples], 0.5),
    )


def _intent(example: Example) -> str | None:
    """The intent to learn; that a matter lies in another city is told by the gazetteer."""
    return None if example.referral == "other_city" else example.intent


def _group(example: Example) -> str | None:
    intent = _intent(example)
    return None if intent is None else group_of(intent)


def _danger(example: Example) -> str | None:
    return None if example.urgent is None else "yes" if example.urgent else "no"


def fit(matrix: Any, labels: Sequence[str], c: float = 1.0) -> Model:
    """A linear model of ``labels`` over the rows of ``matrix``."""
    machine = LinearSVC(C=c, class_weight=_weights(labels), random_state=0, max_iter=4000)
    machine.fit(matrix, list(labels))
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    names = tuple(str(label) for label in machine.classes_)
    return Model(names, weights.astype(np.float32), bias.astype(np.float32), SHARPNESS)


def _weights(labels: Sequence[str]) -> dict[str, float]:
    """Rare labels weigh more, by the root of their rareness."""
    counts = Counter(labels)
    mean = len(labels) / len(counts)
    return {label: float(np.sqrt(mean / n)) for label, n in counts.items()}


def vary(examples: Sequence[Example]) -> list[Example]:
    """The examples, and for each a variation with another beginning, ending or place."""
    openers = yaml.safe_load((LEXICON / "openers.yml").read_text(encoding="utf-8"))
    chance = random.Random(12345)
    varied = list(examples)
    for example in examples:
        if len(example.text) < 4:
            continue
        start = chance.choice(openers.get(example.intent, openers["any"]) + openers["any"][:3])
        end = chance.choice(openers["ending"]) if example.intent == "complain" else ""
        place = chance.choice(openers["places"]) if example.intent in PLACED else ""
        text = f"{start}{place}{example.text}{end}"
        varied.append(replace(example, text=text))
    return varied


def _vocabulary(found: Sequence[Sequence[str]]) -> Vocabulary:
    counts = Counter(feature for row in found for feature in row)
    kept = [f for f, n in counts.most_common(MOST_FEATURES) if n > 1]
    kept.sort()
    idf = np.array([np.log((1 + len(found)) / (1 + counts[f])) + 1 for f in kept])
    return Vocabulary({f: i for i, f in enumerate(kept)}, idf.astype(np.float32))


def _matrix(vocabulary: Vocabulary, found: Sequence[Sequence[str]]) -> Any:
    columns, values, starts = [], [], [0]
    for row in found:
        ids, weights = vocabulary.vector(row)
        columns.append(ids)
        values.append(weights)
        starts.append(starts[-1] + len(ids))
    shape = (len(found), len(vocabulary.index))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=shape)
