"""How well questions find their entries, beside plain BM25 over jieba words, and how fast.

The held-out questions are tests/knowledge_base/paraphrases.yml and, of other hands,
paraphrases_2.yml to paraphrases_5.yml; the search was not tuned on them. The public sets are read
from the folder that ``HOTLINE_DEV_DATA`` names, where there is one.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import yaml

from knowledge_base import analysis, loading
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.retrieval import Document, Index, Memory
from knowledge_base.shelf import analyser
from tests.bench.knowledge_encoder import encoded
from tests.bench.knowledge_rasa import PEER as SELECTOR
from tests.bench.knowledge_rasa import selected
from tests.bench.knowledge_scale import latency, liveness
from tests.bench.measurement import Measurement

DAY = date(2026, 11, 22)
HELD_OUT = Path(__file__).parent.parent / "knowledge_base"
# what stands before a set's figures, and its file
SETS = {
    "": "paraphrases.yml",
    "second set: ": "paraphrases_2.yml",
    "third set: ": "paraphrases_3.yml",
    "fourth set, unseen: ": "paraphrases_4.yml",
    "fifth set, unseen: ": "paraphrases_5.yml",
}
GOALS = {"mandarin": 0.93, "cantonese": 0.85, "misheard": 0.85}
PEER = "BM25 over jieba words"
Ranking = Callable[[str], Sequence[int]]  # a question to the places of its best documents


def measure() -> Iterator[Measurement]:
    """All parts, in the order of ``PARTS``."""
    for part in PARTS.values():
        yield from part()


def held_out() -> Iterator[tuple[str, dict[str, Any]]]:
    """What stands before the figures of a held-out set, and its rows."""
    for label, name in SETS.items():
        yield label, yaml.safe_load((HELD_OUT / name).read_text(encoding="utf-8"))


def finding() -> Iterator[Measurement]:
    """Paraphrases and unanswerable questions, beside plain BM25."""
    base = KnowledgeBase()
    for label, rows in held_out():
        unknown = [row["question"] for row in rows["unanswerable"]]
        for figure in (*paraphrases(base, rows), *unanswerable(base, unknown)):
            yield replace(figure, measure=label + figure.measure)


def selector() -> Iterator[Measurement]:
    """The same paraphrases beside Rasa's ResponseSelector, trained now (minutes)."""
    base = KnowledgeBase()
    entries = base.shelf.entries
    for label, rows in held_out():
        asked = [row for kind in GOALS for row in rows[kind]]
        rankings = selected(entries, [row["question"] for row in asked])
        peers = {row["question"]: ranking for row, ranking in zip(asked, rankings, strict=True)}
        for kind, goal in GOALS.items():
            mine, theirs = [], []
            for row in rows[kind]:
                found = base.search(row["question"], on=DAY, count=1)
                mine.append(bool(found) and found[0].entry.id == row["entry"])
                theirs.append(peers[row["question"]][:1] == [row["entry"]])
            name = f"{label}right entry first, {kind} ({len(mine)})"
            yield Measurement(name, share(mine), "share", SELECTOR, share(theirs), goal)


def public() -> Iterator[Measurement]:
    """The public sets, where ``HOTLINE_DEV_DATA`` names their folder."""
    folder = os.environ.get("HOTLINE_DEV_DATA")
    if folder and Path(folder).is_dir():
        yield from public_sets(Path(folder))
    else:
        print("knowledge: no HOTLINE_DEV_DATA, the public sets are left out", file=sys.stderr)


def speed() -> Iterator[Measurement]:
    """Searches over 10,000 entries."""
    rows = [row["question"] for _, held in held_out() for group in held.values() for row in group]
    yield from latency(KnowledgeBase().shelf.entries, rows)


def live() -> Iterator[Measurement]:
    """How soon a changed entry of 10,000 is found."""
    yield from liveness(KnowledgeBase().shelf.entries)


def encoder() -> Iterator[Measurement]:
    """The same sets with the sentence encoder of the settings, where there is one."""
    yield from encoded(list(held_out()))


PARTS = {
    "finding": finding,
    "selector": selector,
    "public": public,
    "speed": speed,
    "live": live,
    "encoder": encoder,
}


class Plain:
    """The peer: BM25 with its usual settings over the words that jieba cuts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._lcut = analysis.jieba.Tokenizer().lcut
        self._index = bm25s.BM25()
        self._index.index([self._cut(text) for text in texts], show_progress=False)

    def _cut(self, text: str) -> list[str]:
        return [word for word in self._lcut(text) if word.isalnum()]

    def __call__(self, question: str) -> list[int]:
        known = self._index.get_tokens_ids(self._cut(question))
        if not known:
            return []
        scores = self._index.get_scores(known)
        return [int(n) for n in np.argsort(-scores, kind="stable")[:10] if scores[n] > 0]


def paraphrases(base: KnowledgeBase, rows: dict[str, Any]) -> Iterator[Measurement]:
    """The right entry first, and among the first three."""
    entries = base.shelf.entries
    places = {entry.id: place for place, entry in enumerate(entries)}
    plain = Plain(["\n".join((entry.question, *entry.variants)) for entry in entries])

    def ours(question: str) -> list[int]:
        return [places[match.entry.id] for match in base.search(question, on=DAY, count=10)]

    pairs = {
        kind: [(row["question"], places[row["entry"]]) for row in rows[kind]] for kind in GOALS
    }
    for kind, goal in GOALS.items():
        mine, peer = ranked(ours, pairs[kind]), ranked(plain, pairs[kind])
        name = f"right entry first, {kind} ({len(pairs[kind])})"
        yield Measurement(name, mine.top(1), "share", PEER, peer.top(1), goal)
    every = [pair for group in pairs.values() for pair in group]
    mine, peer = ranked(ours, every), ranked(plain, every)
    name = f"right entry among three ({len(every)})"
    yield Measurement(name, mine.top(3), "share", PEER, peer.top(3), 0.98)
    found = [base.find(question, on=DAY) for question, _ in every]
    right = [f.entry is entries[place] for f, (_, place) in zip(found, every, strict=True)]
    yield Measurement("answered at once, and right", share(right), "share")
    wrong = [bool(f.entry) and not good for f, good in zip(found, right, strict=True)]
    yield Measurement("answered at once, but wrong", share(wrong), "share", better="lower")


def unanswerable(base: KnowledgeBase, questions: Sequence[str]) -> Iterator[Measurement]:
    """What the base cannot answer, answered anyway."""
    answered = [base.find(question, on=DAY).kind == "answered" for question in questions]
    name = f"unanswerable, answered anyway ({len(questions)})"
    yield Measurement(name, share(answered), "share", None, None, 0.05, "lower")


def public_sets(folder: Path) -> Iterator[Measurement]:
    """Retrieval over texts that nobody here wrote; queries from the dev halves."""
    replies = [lines(folder / f"messages/replies.{half}.jsonl") for half in ("train", "dev")]
    pool = replies[0] + replies[1]
    first = len(replies[0])
    for name, asked, text in (
        ("subject to message", "subject", "question"),
        ("message to reply", "question", "reply"),
    ):
        queries = [(row[asked], first + n) for n, row in enumerate(replies[1])]
        yield from compared(name, [row[text] for row in pool], queries)
    halves = [lines(folder / f"policy/policy.{half}.jsonl") for half in ("train", "dev")]
    passages = list(dict.fromkeys(row["answer"] for half in halves for row in half))
    places = {passage: place for place, passage in enumerate(passages)}
    queries = [(row["question"], places[row["answer"]]) for row in halves[1]]
    yield from compared("policy question to passage", passages, queries)


def compared(
    name: str, texts: Sequence[str], queries: Sequence[tuple[str, int]]
) -> Iterator[Measurement]:
    """Top-1 and MRR@10 of our engine and of the peer on the same texts."""
    documents = [Document(str(n), (), text) for n, text in enumerate(texts)]
    index = Index(documents, Memory(product_analyser()))
    mine = ranked(lambda question: [hit.number for hit in index.search(question, 10)], queries)
    peer = ranked(Plain(texts), queries)
    label = f"{name} ({len(queries)} of {len(texts)})"
    for figure, ours, theirs in (
        ("top-1", mine.top(1), peer.top(1)),
        ("MRR@10", mine.mrr(), peer.mrr()),
    ):
        yield Measurement(f"{label}, {figure}", ours, "share", PEER, theirs, theirs)


class Ranks:
    """Where the right document stood, for every query; None for not among the first ten."""

    def __init__(self, ranks: Sequence[int | None]) -> None:
        self._ranks = ranks

    def top(self, count: int) -> float:
        """The share of queries with the right document among the first ``count``."""
        return share([rank is not None and rank < count for rank in self._ranks])

    def mrr(self) -> float:
        """Mean reciprocal rank, ten deep."""
        total = sum(1 / (rank + 1) for rank in self._ranks if rank is not None)
        return round(total / len(self._ranks), 4)


def ranked(ranking: Ranking, queries: Sequence[tuple[str, int]]) -> Ranks:
    """Asks every query."""
    ranks: list[int | None] = []
    for question, place in queries:
        found = list(ranking(question))[:10]
        ranks.append(found.index(place) if place in found else None)
    return Ranks(ranks)


def share(flags: Sequence[bool]) -> float:
    """How many are true, of all."""
    return round(sum(flags) / len(flags), 4)


def product_analyser() -> analysis.Analyser:
    """The analyser that the product uses."""
    return analyser(loading.table("synonyms"))


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
