"""Learning when to answer."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge_base import loading
from knowledge_base.confidence import Confidence
from knowledge_base.evidence import FEATURES, Evidence
from knowledge_base.fitting import ANSWERED_ANYWAY, FOLDS, Fitting, Sample, fitted

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


def test_what_was_taken_up_as_a_variant_is_left_out_of_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {"unanswerable": {"far": ["讲个笑话"], "city": ["路灯用的是几瓦的灯泡"]}}
    asked |= {"answerable": {"lamp-out": ["晚上整条巷子乌漆嘛黑灯全灭了"]}, "misheard": {}}
    real = loading.table
    known = {f"calibration/{name}": rows for name, rows in asked.items()}
    monkeypatch.setattr(loading, "table", lambda name: known[name] if name in known else real(name))
    entries = [e for e in loading.load() if e.id in {"lamp-out", "manhole", "garbage"}]
    found = Fitting(entries, loading.search_tables(), date(2026, 11, 22)).samples()
    groups = [sample.group for sample in found]
    assert groups.count("answerable") == 1
    assert {"far", "near", "answerable", "variant"} >= set(groups)
    (taken,) = [sample for sample in found if sample.group == "answerable"]
    assert taken.right
    assert taken.evidence.score < 1
