"""The search over 10,000 entries: how fast it is, and how soon a changed entry is found."""

import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, sleep, thread_time

from knowledge_base import loading, writing
from knowledge_base.answering import find_on
from knowledge_base.entry import Entry
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.located import parse, plain
from knowledge_base.retrieval import Memory
from knowledge_base.shelf import Shelf, analyser
from tests.bench.measurement import Measurement
from tests.bench.progress import progress

MANY = 10_000
A_FILE = 500  # entries in one of the files whose change is timed
CHANGES = 5
PROCESSES = 2
DAY = date(2026, 11, 22)


def latency(entries: Sequence[Entry], questions: Sequence[str]) -> Iterator[Measurement]:
    """The time of one core that a search takes, and a whole decision (waiting not counted)."""
    tables = loading.search_tables()
    many = list(islice(multiplied(entries), MANY))
    with progress("index of 10,000 entries", 1) as step:
        started = thread_time()
        shelf = Shelf(many, tables, loading.city(), Memory(analyser(tables)))
        made = thread_time() - started
        step()
    yield Measurement("index of 10,000 entries made, CPU", made, "s", better="lower")
    searched, decided = [], []
    with progress("searches", len(questions)) as step:
        for number, question in enumerate([*questions[:50], *questions]):
            started = thread_time()
            shelf.matches(question, 5)
            between = thread_time()
            find_on(shelf, question, on=DAY)
            if number >= 50:  # the first ones warm up
                searched.append((between - started) * 1000)
                decided.append((thread_time() - between) * 1000)
                step()
    name = "search, 10,000 entries"
    yield Measurement(f"{name}, median", median(searched), "ms", None, None, 5, "lower")
    p99 = quantiles(searched, n=100)[98]
    yield Measurement(f"{name}, p99", p99, "ms", None, None, 20, "lower")
    yield Measurement(f"{name}, with the decision, median", median(decided), "ms", better="lower")


def liveness(entries: Sequence[Entry]) -> Iterator[Measurement]:
    """From the moment that a file is replaced until every process answers from it."""
    with tempfile.TemporaryDirectory() as name, progress("changes", CHANGES) as step:
        folder = Path(name)
        _written(folder, entries)
        spawn = multiprocessing.get_context("spawn")
        pipes = [spawn.Pipe() for _ in range(PROCESSES)]
        others = [spawn.Process(target=_serve, args=(folder, there)) for _, there in pipes]
        for other in others:
            other.start()
        try:
            for ours, _ in pipes:
                ours.recv()
            latest = [_changed(folder, number, [ours for ours, _ in pipes], step)
                      for number in range(CHANGES)]  # fmt: skip
        finally:
            for other in others:
                other.terminate()
                other.join()
    name = f"a changed entry of 10,000 found in {PROCESSES} processes, the latest of {CHANGES}"
    yield Measurement(name, max(latest), "s", None, None, 2, "lower")


def _changed(folder: Path, number: int, pipes: Sequence["Connection"], step: object) -> float:
    """Replace a file, wait for every process; seconds until the last had it."""
    path = sorted(folder.glob("*.yml"))[number]
    text = path.read_text(encoding="utf-8")
    raw = plain(parse(text, path.name))["entries"][7]
    wanted, question = f"{raw['answer']} {number}", f"{raw['question']} {number}{number}"
    raw |= {"answer": wanted, "variants": [question, *raw["variants"]]}
    new = writing.put(text, path.name, raw)
    for pipe in pipes:
        pipe.send((question, wanted))
    aside = path.with_suffix(".new")
    aside.write_text(new, encoding="utf-8")
    started = monotonic()
    aside.replace(path)
    latest = max(pipe.recv() for pipe in pipes) - started
    if callable(step):
        step()
    return float(latest)


def _serve(folder: Path, pipe: "Connection") -> None:
    """A process of the hotline: looks as often as callers ask, tells when it had the answer."""
    base = KnowledgeBase(folder)
    pipe.send("ready")
    while True:
        question, wanted = pipe.recv()
        while True:
            entry = base.find(question, on=DAY).entry
            if entry and entry.answer == wanted:
                break
            sleep(0.02)
        pipe.send(monotonic())


def _written(folder: Path, entries: Sequence[Entry]) -> None:
    """10,000 entries in theme files."""
    many = list(islice(multiplied(entries), MANY))
    (key, *_) = loading.read_sources()
    for start in range(0, MANY, A_FILE):
        rows = [_row(entry, key) for entry in many[start : start + A_FILE]]
        text = writing.theme("many", 365, rows)
        (folder / f"many-{start:05}.yml").write_text(text, encoding="utf-8")


def _row(entry: Entry, source: str) -> dict[str, object]:
    return {
        "id": entry.id,
        "question": entry.question,
        "variants": list(entry.variants),
        "answer": entry.answer,
        "spoken": list(entry.spoken),
        "unit": entry.unit,
        "area": entry.area,
        "source": [{"document": source, "place": "1"}],
        "as_of": entry.as_of.isoformat(),
        "checked_at": entry.checked_at.isoformat(),
        "editor": entry.editor,
        "keywords": list(entry.keywords),
    }


def multiplied(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries again and again, each time said of another place of the city."""
    places = [place["name"] for place in loading.table("districts")["places"]]
    for number, entry in enumerate(cycle(entries)):
        place = places[number // len(entries) % len(places)]
        yield replace(
            entry,
            id=f"{entry.id}-{number}",
            question=place + entry.question,
            variants=tuple(place + variant for variant in entry.variants),
            answer=place + entry.answer,
        )
