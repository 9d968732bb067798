"""How much goes out by itself, and whether the unit is one of the right trade.

Citizens' messages with their first-level class, from the folder that ``HOTLINE_DEV_DATA`` names;
the category comes from the trained understanding, the district is held fixed.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.rasa import train
from bot.rules.routing import Route
from knowledge_base.routing import load_catalogue
from knowledge_base.sla import load_policy
from nlu.understanding.archive import load_understander
from tests.bench.measurement import Measurement

DISTRICT = "天河区"
SUBJECT_CHARACTERS = 60
# guangzhoubaiyun 2023-05-27: tickets dispatched by machine in Baiyun, and how many rightly
PEER, PEER_SHARE, PEER_RIGHT = "广州白云区智能派单 2023", 0.879, 0.8631


def routed() -> Iterator[Measurement]:
    """Shares over the messages; nothing without the data."""
    folder = os.environ.get("HOTLINE_DEV_DATA")
    if not folder:
        print("routing: no HOTLINE_DEV_DATA, left out", file=sys.stderr)
        return
    file = Path(folder) / "messages" / "messages.dev.jsonl"
    rows = [json.loads(line) for line in file.open(encoding="utf-8")]
    yield from measured(rows, Path(train()))


def measured(rows: list[dict[str, Any]], model: Path) -> Iterator[Measurement]:
    """The figures for these messages."""
    trades = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    understander, catalogue = load_understander(model), load_catalogue()
    threshold = load_policy().auto_transfer_confidence
    sent: list[bool] = []
    proposed: list[bool] = []
    for row in rows:
        told = row.get("subject") or row["text"][:SUBJECT_CHARACTERS]
        category = understander.understand(told).as_dict()["category"] or ""
        route = catalogue.route(category, DISTRICT, row["text"])
        if not route.lead_unit:
            continue
        right = any(word in route.lead_unit for word in trades[row["label"]])
        proposed.append(right)
        if goes(route, threshold):
            sent.append(right)
    count = f"{len(rows):,} messages"
    yield Measurement(
        f"tickets that go out by themselves, {count}",
        round(len(sent) / len(rows), 3),
        "share",
        peer=PEER,
        peer_value=PEER_SHARE,
    )
    yield Measurement(
        f"of these, unit of the right trade, {count}",
        round(sum(sent) / max(len(sent), 1), 3),
        "share",
        peer=PEER,
        peer_value=PEER_RIGHT,
        goal=0.9,
    )
    yield Measurement(
        f"unit proposed to a person is of the right trade, {count}",
        round(sum(proposed) / max(len(proposed), 1), 3),
        "share",
    )


def goes(route: Route, threshold: float) -> bool:
    """Whether the desk would send it without a person."""
    return route.auto and route.agreed and route.confidence >= threshold
