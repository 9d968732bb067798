"""月度通报 over HTTP: the month as figures for the charts, and as a file.

Whoever may read tickets may read it; the addresses of repeated places only who supervises.
"""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.console.parts import SEAT
from bot.console.roles import MAY, Deed, allow
from bot.reporting import excel, pdf
from bot.reporting.monthly import MonthlyReport, following, month_of, monthly
from bot.reporting.sheets import sheets
from bot.rules.errors import Rejected
from bot.rules.privacy import mask_address
from bot.store import Burst, Store

FRESH = timedelta(minutes=5)  # a report is counted anew after that; a month that is over, too
KEPT = 24  # months
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
BURST = 2 * HOUR
BURST_LEAST, BURST_TIMES = 5, 3  # so many at least, and so many times as often as usual
SUMS = (
    "received",
    "transferred_in_time",
    "closed",
    "closed_in_time",
    "returned",
    "reworked",
    "rated",
    "satisfied",
)

Write = Callable[[MonthlyReport, Path], None]
FORMS: dict[str, tuple[Write, str]] = {
    "xlsx": (
        excel.write,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pdf": (pdf.write, "application/pdf"),
}


class Reports:
    """Reports of one gateway. Counting a month takes seconds: one at a time, and kept a while."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._counting = asyncio.Lock()
        self._kept: dict[datetime, tuple[datetime, MonthlyReport]] = {}

    async def of(self, start: datetime) -> MonthlyReport:
        """The report of the month that begins then."""
        async with self._counting:
            at, report = self._kept.get(start, (None, None))
            if report is None or at is None or self._clock() - at > FRESH:
                report = await monthly(self._store, start)
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                self._kept[start] = (self._clock(), report)
            return report

    async def bursts(self) -> list[Burst]:
        """What comes now much more often than in the week before."""
        async with self._store.read() as records:
            found = await records.reports.bursts(self._clock(), BURST, WEEK, BURST_LEAST)
        return [one for one in found if one.count >= BURST_TIMES * one.usual]


REPORTS = web.AppKey("reports", Reports)


async def month(request: web.Request) -> web.Response:
    """``GET /api/desk/reports/{month}``: 2026-11."""
    report = await _asked(request)
    return web.json_response(shown(report))


async def bursts(request: web.Request) -> web.Response:
    """``GET /api/desk/bursts``: 突发: what comes several times as often as usual."""
    allow(request[SEAT].role, Deed.READ_TICKETS)
    found = await request.app[REPORTS].bursts()
    return web.json_response({"hours": BURST / HOUR, "bursts": [asdict(one) for one in found]})


async def file(request: web.Request) -> web.Response:
    """``GET …/reports/{month}/file?form=xlsx``: or pdf."""
    form = request.query.get("form", "")
    if form not in FORMS:
        raise Rejected("xlsx or pdf", code="unknown", field="form")
    report = await _asked(request)
    write, mime = FORMS[form]
    with tempfile.TemporaryDirectory(prefix="hotline-report-") as folder:
        path = Path(folder) / f"report.{form}"
        await asyncio.to_thread(write, report, path)
        data = path.read_bytes()
    name = f"12345-{report.start:%Y-%m}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=mime, headers=headers)


async def _asked(request: web.Request) -> MonthlyReport:
    role = request[SEAT].role
    allow(role, Deed.READ_TICKETS)
    start = month_of(request.match_info["month"])
    if not 2000 <= start.year <= 2100:
        raise Rejected("a month as 2026-11", code="malformed", field="month")
    report = await request.app[REPORTS].of(start)
    return report if Deed.SUPERVISE in MAY.get(role, frozenset()) else masked(report)


def masked(report: MonthlyReport) -> MonthlyReport:
    """The report without house numbers, for who does not supervise."""
    places = [replace(place, address=mask_address(place.address)) for place in report.places]
    return replace(report, places=tuple(places))


def shown(report: MonthlyReport) -> dict[str, Any]:
    """The report as JSON: the city's sums, the tables, and what the charts draw."""
    counts = [row.month for row in report.units]
    return {
        "month": f"{report.start:%Y-%m}",
        "before": f"{following(report.start, -1):%Y-%m}",
        "city": {name: sum(getattr(one, name) for one in counts) for name in SUMS},
        "tables": [
            {
                "name": sheet.name,
                "headings": list(sheet.headings),
                "rows": [list(row) for row in sheet.rows],
                "shares": sorted(sheet.shares),
            }
            for sheet in sheets(report)
        ],
        "topics": [asdict(topic) for topic in report.topics],
        "districts": report.districts,
        "of_district": {name: [asdict(t) for t in ts] for name, ts in report.of_district.items()},
        "days": report.days,
    }
