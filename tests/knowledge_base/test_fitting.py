"""Learning when to answer."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge_base import fitting, loading
from knowledge_base.confidence import Confidence
from knowledge_base.entry import Entry
from knowledge_base.evidence import BY_ENCODER, FEATURES, Evidence
from knowledge_base.fitting import ANSWERED_ANYWAY, FOLDS, Fitting, Sample, fitted, fitted_with
from knowledge_base.vectors import read_vectors
from tests.encoders import write_encoder

NOTHING = Evidence(*(0.0 for _ in FEATURES))


def samples(count: int) -> list[Sample]:
    """Right ones with a high score, unanswerable ones with a low one; a tenth the other way."""
    found = []
    for n in range(count):
        high = (n % 2 == 0) != (n % 10 == 0)
        evidence = replace(NOTHING, score=(0.8 if high else 0.2) + 0.0001 * n)
        found.append(Sample("near" if n % 2 else "answerable", n % FOLDS, n % 2 == 0, evidence))
    return found


def test_the_fit_tells_right_from_unanswerable() -> None:
    table, shares = fitted(samples(400))
    model = Confidence.of(table)
    assert model(replace(NOTHING, score=0.8)) > 0.8 > 0.3 > model(replace(NOTHING, score=0.2))
    assert shares["near"] <= ANSWERED_ANYWAY + 0.01
    assert shares["answerable"] > 0.5
    assert model.close <= model.answered


def few(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Three entries, and as few questions to learn from."""
    asked = {"unanswerable": {"far": ["讲个笑话"], "city": ["路灯用的是几瓦的灯泡"]}}
    asked |= {"answerable": {"lamp-out": ["晚上整条巷子乌漆嘛黑灯全灭了"]}, "misheard": {}}
    real = loading.table
    known = {f"calibration/{name}": rows for name, rows in asked.items()}
    monkeypatch.setattr(loading, "table", lambda name: known[name] if name in known else real(name))
    return [e for e in loading.load() if e.id in {"lamp-out", "manhole", "garbage"}]


def test_an_encoder_has_a_model_of_its_own_that_weighs_its_nearness() -> None:
    told = [
        replace(sample, evidence=replace(sample.evidence, near=0.9 if sample.right else 0.1))
        for sample in samples(400)
    ]
    table, shares = fitted(told, 0.35)
    model = Confidence.of(table)
    assert model.share == 0.35
    assert model(replace(NOTHING, near=0.9)) > 0.8 > 0.2 > model(replace(NOTHING, near=0.1))
    assert shares["answerable"] > 0.9
    without, _ = fitted(told)
    assert BY_ENCODER[0] not in without["weights"]
    assert Confidence.of(without).share is None


def test_what_the_encoder_counts_is_learned_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    entries = few(monkeypatch)
    monkeypatch.setattr(fitting, "SHARES", (0.2, 0.5))
    texts = [" ".join((*entry.phrases, entry.answer)) for entry in entries]
    vectors = read_vectors(write_encoder(tmp_path, texts), tmp_path)
    on = date(2026, 11, 22)
    table, _, first = fitted_with(vectors, entries, loading.search_tables(), on)
    assert table["share"] in (0.2, 0.5)
    assert 0.5 < first <= 1
    assert 0 < Confidence.of(table).close <= Confidence.of(table).answered <= 1


def test_what_was_taken_up_as_a_variant_is_left_out_of_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = few(monkeypatch)
    found = Fitting(entries, loading.search_tables(), date(2026, 11, 22)).samples()
    groups = [sample.group for sample in found]
    assert groups.count("answerable") == 1
    assert {"far", "near", "answerable", "variant"} >= set(groups)
    (taken,) = [sample for sample in found if sample.group == "answerable"]
    assert taken.right
    assert taken.evidence.score < 1
