"""What the voice process counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from voice.timing import TurnReport

REGISTRY = CollectorRegistry()

calls = Gauge("hotline_calls", "Calls that are going on", registry=REGISTRY)
ended = Counter("hotline_calls_ended", "Calls that ended", ["then"], registry=REGISTRY)
refused = Counter(
    "hotline_calls_refused", "Lines that were not let in", ["code"], registry=REGISTRY
)
turns = Counter("hotline_call_turns", "Turns of calls", ["status"], registry=REGISTRY)
waiting = Gauge("hotline_stt_waiting", "Turns before the recogniser", registry=REGISTRY)
partials_waiting = Gauge(
    "hotline_stt_partials_waiting",
    "Utterances still being said before the small recogniser",
    registry=REGISTRY,
)
partials_degraded = Gauge(
    "hotline_stt_partials_degraded", "1 while the small recogniser fails", registry=REGISTRY
)
unheard = Counter(
    "hotline_stt_unheard",
    "Utterances refused, too late or failed: turn, or partial (still being said)",
    ["kind"],
    registry=REGISTRY,
)
degraded = Gauge("hotline_speech_degraded", "1 while the local voice stands in", registry=REGISTRY)
stages = Histogram(
    "hotline_turn_seconds",
    "From the caller's last sound: each stage of a turn",
    ["stage"],
    buckets=(0.05, 0.1, 0.2, 0.4, 0.6, 0.9, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0),
    registry=REGISTRY,
)


def note(report: TurnReport) -> None:
    """Count a turn of a call."""
    row = report.row()
    turns.labels(row["status"] or "own").inc()
    for stage, milliseconds in row["timings_ms"].items():
        stages.labels(stage).observe(milliseconds / 1000)


def page() -> bytes:
    """The metrics page."""
    return generate_latest(REGISTRY)
