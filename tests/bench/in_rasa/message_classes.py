"""Train and score the seven classes: ``python -m tests.bench.in_rasa.message_classes FOLDER``."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from nlu.understanding.features import words
from nlu.understanding.text import clean


def read(folder: Path, split: str) -> list[dict[str, Any]]:
    """The rows of a split."""
    path = folder / "messages" / f"messages.{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def vectors(train: list[dict[str, Any]], test: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Subject and detail apart, each by characters and words, the subject weighing double."""
    blocks: list[tuple[csr_matrix, csr_matrix]] = []
    for field, weight in (("subject", 0.7), ("text", 1.0)):
        texts = [[clean(row.get(field) or "") for row in rows] for rows in (train, test)]
        for vectorizer in (
            TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer=words, min_df=2, sublinear_tf=True),
        ):
            fitted = vectorizer.fit_transform(texts[0])
            blocks.append((fitted * weight, vectorizer.transform(texts[1]) * weight))
    return hstack([b[0] for b in blocks]).tocsr(), hstack([b[1] for b in blocks]).tocsr()


def main(folder: Path) -> None:
    """Print the figure as JSON."""
    train, test = read(folder, "train"), read(folder, "dev")
    fitted, asked = vectors(train, test)
    labels = np.array([row["label"] for row in train])
    machine = LinearSVC(C=0.5, class_weight="balanced", random_state=0).fit(fitted, labels)
    score = f1_score([row["label"] for row in test], machine.predict(asked), average="macro")
    print(json.dumps({"macro_f1": float(score)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
