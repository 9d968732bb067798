"""What is counted, in Prometheus' words. Labels hold names from fixed lists, never personal data.

Counters and histograms belong to the process that counts; what the records know (tickets by
light, waiting handoffs) is read from them when somebody looks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

turns = Counter(
    "hotline_turns", "Utterances by what became of them", ["channel", "outcome"], registry=REGISTRY
)
stage_seconds = Histogram(
    "hotline_stage_seconds",
    "How long each stage of a turn took",
    ["stage"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 20),
    registry=REGISTRY,
)
fallbacks = Counter(
    "hotline_fallbacks", "Times the next best thing served instead", ["part"], registry=REGISTRY
)
handoffs = Counter("hotline_handoffs", "Callers handed to a person", ["reason"], registry=REGISTRY)
refusals = Counter(
    "hotline_refusals", "Bad input refused, by its code", ["code"], registry=REGISTRY
)
connections = Gauge(
    "hotline_connections", "Open WebSocket connections", ["page"], registry=REGISTRY
)
tickets = Gauge(
    "hotline_tickets", "Tickets not yet transferred, by light", ["light"], registry=REGISTRY
)
breaches = Gauge(
    "hotline_transfer_breaches",
    "Tickets not yet transferred past their deadline",
    registry=REGISTRY,
)
waiting = Gauge("hotline_waiting_handoffs", "Callers waiting for an agent", registry=REGISTRY)
healthy = Gauge(
    "hotline_healthy", "1: the part answers; 0: it does not", ["part"], registry=REGISTRY
)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Time a stage: ``dialogue``, ``transcription``, ``speech`` …, also when it fails."""
    began = perf_counter()
    try:
        yield
    finally:
        stage_seconds.labels(stage).observe(perf_counter() - began)


def exposition() -> bytes:
    """The text format, for a scrape."""
    return generate_latest(REGISTRY)
