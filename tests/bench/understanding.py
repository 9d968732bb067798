"""Figures of the understanding, on the held-out sets, beside Rasa's default pipeline.

The peer is Rasa's default pipeline (JiebaTokenizer, CountVectors, DIET) trained on the same
examples and asked the same sentences; training it takes minutes, once for each state of the data,
and is told on stderr. ``HOTLINE_BENCH_PEER=0`` leaves it out. The seven classes of citizens'
messages are measured where ``HOTLINE_DEV_DATA`` names a folder that holds them.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.rasa import train
from bot.settings import ROOT
from nlu.understanding.archive import load_understander
from nlu.understanding.understanding import DANGERS, IN, OUT, scope_of
from tests.bench.measurement import Measurement
from tests.bench.messages import seven_classes
from tests.bench.rasa_peer import EPOCHS, Peer, Process, ask, serve

SETS = {
    "": "held_out",
    "second set: ": "held_out_2",
    "third set: ": "held_out_3",
    "fourth set: ": "held_out_4",
    "fifth set: ": "held_out_5",
    "sixth set, unseen: ": "held_out_6",
    "seventh set, unseen: ": "held_out_7",
}  # what stands before its figures: its folder
PEER = f"Rasa default, DIET {EPOCHS} epochs"
Row = tuple[dict[str, Any], dict[str, Any]]


def measure() -> Iterator[Measurement]:
    """All figures: what is decided, where, the numbers, and what it costs."""
    model = train()
    peer = Peer.trained() if os.environ.get("HOTLINE_BENCH_PEER", "1") != "0" else None
    texts: list[str] = []
    seconds: list[float] = []
    for label, name in SETS.items():
        folder = ROOT / "tests" / "nlu" / name
        said, wanted = _held_out(folder)
        ours, spent = _ours(model, said)
        theirs = [_as_decision(a) for a in ask(peer.model, said).answers] if peer else None
        for figure in (*_decisions(wanted, ours, theirs), *_facts(model, folder)):
            yield replace(figure, measure=label + figure.measure)
        texts += said
        seconds += spent
    yield from seven_classes()
    yield Measurement(
        "one utterance, median", 1000 * statistics.median(seconds), "ms", goal=5.0, better="lower"
    )
    if peer:
        yield from _costs(model, peer, texts)


def _held_out(folder: Path) -> tuple[list[str], list[dict[str, Any]]]:
    groups = yaml.safe_load((folder / "set.yml").read_text(encoding="utf-8"))
    rows = [(text, group["expect"]) for group in groups for text in group["say"]]
    return [text for text, _ in rows], [expect for _, expect in rows]


def _ours(model: Path, texts: Sequence[str]) -> tuple[list[dict[str, Any]], list[float]]:
    understander = load_understander(model)
    understander.understand(texts[0])
    found, seconds = [], []
    for text in texts:
        started = time.process_time()
        found.append(understander.understand(text).as_dict())
        seconds.append(time.process_time() - started)
    return found, seconds


def _as_decision(answer: dict[str, Any]) -> dict[str, Any]:
    """What an intent alone decides."""
    intent = answer["intent"]
    return {
        "scope": scope_of(intent),
        "kind": IN.get(intent),
        "reason": intent if intent in OUT else None,
        "crisis": intent == "crisis",
    }


def _decisions(
    wanted: list[dict[str, Any]], ours: list[dict[str, Any]], theirs: list[dict[str, Any]] | None
) -> Iterator[Measurement]:
    for name, function, goal, better in (
        ("scope (in, out, social), macro-F1", _scope, 0.95, "higher"),
        ("reason among out, macro-F1", _reason, 0.90, "higher"),
        ("kind among in, macro-F1", _kind, 0.88, "higher"),
        ("police, fire, medical as out or crisis, recall", _danger, 0.99, "higher"),
        ("in-scope wrongly turned away", _away, 0.02, "lower"),
        ("danger to life heard, recall", _crisis, None, "higher"),
        ("danger heard where there is none", _alarm, None, "lower"),
    ):
        value = function(list(zip(wanted, ours, strict=True)))
        peer_value = function(list(zip(wanted, theirs, strict=True))) if theirs else None
        yield Measurement(
            name,
            value,
            "",
            PEER if theirs else None,
            peer_value,
            goal,
            better,  # type: ignore[arg-type]
        )
    rows = [(w, o) for w, o in zip(wanted, ours, strict=True) if "category" in w]
    right = sum(w["category"] == (o["category"] or "").split("/")[0] for w, o in rows)
    yield Measurement("category, first level, accuracy", right / len(rows), "")


def _scope(rows: list[Row]) -> float:
    return macro_f1([(w["scope"], o["scope"]) for w, o in rows if w.get("scope") in _SCOPES])


def _reason(rows: list[Row]) -> float:
    return macro_f1([(w["reason"], o["reason"]) for w, o in rows if w.get("reason")])


def _kind(rows: list[Row]) -> float:
    return macro_f1([(w["kind"], o["kind"]) for w, o in rows if w.get("kind")])


def _danger(rows: list[Row]) -> float:
    return _share(
        [o["crisis"] or o["scope"] == "out" for w, o in rows if w.get("reason") in DANGERS]
    )


def _away(rows: list[Row]) -> float:
    return _share([o["scope"] == "out" for w, o in rows if w.get("scope") == "in"])


def _crisis(rows: list[Row]) -> float:
    return _share([o["crisis"] for w, o in rows if w.get("crisis")])


def _alarm(rows: list[Row]) -> float:
    return _share([o["crisis"] for w, o in rows if w.get("crisis") is False])


_SCOPES = ("in", "out", "social")


def _facts(model: Path, folder: Path) -> Iterator[Measurement]:
    """Districts of places as spoken, and telephone numbers in the ways people say them, where the
    set has any."""
    if not (folder / "addresses.yml").is_file():
        return
    heard = load_understander(model).understand
    places = yaml.safe_load((folder / "addresses.yml").read_text(encoding="utf-8"))
    named = [p for p in places if p["district"]]
    right = [heard(p["say"]).district == p["district"] for p in named]
    yield Measurement("district of spoken addresses", _share(right), "", goal=0.97)
    spoken = list(_spoken_numbers(folder / "phones.yml"))
    right = [heard(text).phone == number for text, number in spoken]
    yield Measurement("telephone numbers, all digits", _share(right), "", goal=0.99)


def _spoken_numbers(path: Path) -> Iterator[tuple[str, str]]:
    """The numbers of the file; where there is none, 500 made up in the usual ways."""
    if path.is_file():
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ((row["say"], row["phone"]) for row in rows)
        return
    chance = random.Random(7)
    digits = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
    for _ in range(500):
        number = f"1{chance.randint(3_000_000_000, 9_999_999_999)}"
        groups = (number[:3], number[3:7], number[7:])
        spoken = ["".join(digits[d] for d in g) for g in groups]
        yao = [g.replace("一", "幺") for g in spoken]
        other = f"1{chance.randint(3_000_000_000, 9_999_999_999)}"
        yield (
            chance.choice(
                (
                    number,
                    " ".join(groups),
                    "-".join(groups),
                    "".join(spoken),
                    ",".join(yao),
                    f"电话是{''.join(yao)}",
                    f"我电话{other},不对,是{number}",
                    f"打{'、'.join(spoken)}这个",
                )
            ),
            number,
        )


def _costs(model: Path, peer: Peer, texts: Sequence[str]) -> Iterator[Measurement]:
    """A Rasa turn, Rasa's start and its memory, each beside the peer's in the same run."""
    ours, theirs = ask(model, texts), ask(peer.model, texts, tensorless=False)
    ratio = statistics.median(ours.seconds) / statistics.median(theirs.seconds)
    yield Measurement("a turn in Rasa, share of the peer's", ratio, "x", PEER, 1.0, 0.4, "lower")
    mine: Process = serve(model)
    default: Process = serve(peer.model, tensorless=False)
    yield Measurement(
        "Rasa ready from cold",
        mine.seconds,
        "s",
        PEER,
        default.seconds,
        0.6 * default.seconds,
        "lower",
    )
    yield Measurement(
        "Rasa's memory", mine.mib, "MiB", PEER, default.mib, 0.7 * default.mib, "lower"
    )


def macro_f1(pairs: Sequence[tuple[str, Any]]) -> float:
    """Mean F1 of the labels wanted; a label never given counts as nothing right."""
    scores = []
    for label in sorted({wanted for wanted, _ in pairs}):
        right = sum(w == label == g for w, g in pairs)
        wrong = sum((w == label) != (g == label) for w, g in pairs)
        scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores)


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    for measurement in measure():
        print(measurement.row(), file=sys.stdout, flush=True)
