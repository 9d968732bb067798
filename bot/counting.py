"""What the gateway counts: each utterance as it is heard, and what the records hold when asked."""

from datetime import datetime

from bot import metrics
from bot.clock import Clock
from bot.desk import Desk
from bot.log import logger
from bot.rules.errors import Unavailable
from bot.rules.session import Next, Outcome, Status, Utterance
from bot.rules.ticket import Light, Ticket
from bot.store import Store, TicketFilter

log = logger(__name__)

MOST = 10_000
TROUBLE = {Status.FAILED: "dialogue", Status.TIMED_OUT: "dialogue"}


def count_utterance(utterance: Utterance, outcome: Outcome, stages: dict[str, float]) -> None:
    """One utterance more; ``stages`` are seconds by stage."""
    metrics.turns.labels(utterance.channel.value, outcome.status.value).inc()
    for stage, seconds in stages.items():
        metrics.stage_seconds.labels(stage).observe(seconds)
    if outcome.next is Next.AGENT:
        metrics.handoffs.labels(str(outcome.facts.get("reason", outcome.status.value))).inc()
    if outcome.status in TROUBLE:
        metrics.fallbacks.labels(TROUBLE[outcome.status]).inc()


class Gauges:
    """Brings the gauges up to date with the records."""

    def __init__(self, store: Store, desk: Desk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    async def refresh(self) -> None:
        """Read the records; without them the gauges stay as they were."""
        try:
            waiting = await self._desk.tickets(TicketFilter(waiting=True, limit=MOST))
            async with self._store.read() as records:
                handoffs = await records.handoffs.counted()
        except Unavailable:
            log.warning("metrics.records_away")
            return
        at = self._clock()
        for light in Light:
            metrics.tickets.labels(light.value).set(self._lit(waiting, light, at))
        metrics.breaches.set(sum(t.progress.transfer_breached_at is not None for t in waiting))
        metrics.waiting.set(handoffs.get("waiting", 0))

    def _lit(self, tickets: list[Ticket], light: Light, at: datetime) -> int:
        return sum(self._desk.light(ticket, at) is light for ticket in tickets)
