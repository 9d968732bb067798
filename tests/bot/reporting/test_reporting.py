import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from bot.desk import Desk
from bot.reporting import excel, pdf
from bot.reporting.monthly import MonthlyReport, following, month_of, monthly
from bot.reporting.sheets import sheets
from bot.rules.errors import Rejected
from bot.store import Store
from bot.store.reports import median
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_desk import LAMP, RUDE, UNIT
from tests.bot.desk.test_followup import WORK, ordered

LIGHTS = "天河区城市管理和综合执法局"
NOVEMBER = datetime(2026, 11, 1, tzinfo=SHANGHAI)
ELSEWHERE = "天河区民政局"


async def a_month(desk: Desk) -> None:
    """Seven lamps (one rated well, one badly), a rude window sent elsewhere; a lamp in October."""
    lamp = replace(LAMP, street="棠下街道", address="=棠下村口")
    october = MONDAY - timedelta(days=40)
    await desk.open(lamp, key="old", session_id="s1", by="bot", at=october)
    numbers = []
    for number in range(7):
        ticket = await desk.open(lamp, key=f"k{number}", session_id="s1", by="bot", at=MONDAY)
        numbers.append(ticket.ticket_no)
    for number, grade in zip(numbers, (5, 1), strict=False):
        await ordered(desk, number, *WORK)
        await desk.rate(number, grade, at=MONDAY)
    rude = await desk.open(RUDE, key="r1", session_id="s1", by="bot", at=MONDAY)
    late = MONDAY + timedelta(minutes=16)
    await desk.transfer(rude.ticket_no, ELSEWHERE, by="a1", at=late)
    rude = await desk.open(RUDE, key="r2", session_id="s1", by="bot", at=MONDAY)
    await desk.transfer(rude.ticket_no, UNIT, by="a1", at=MONDAY + timedelta(minutes=2))


@pytest.fixture
async def report(desk: Desk, store: Store) -> MonthlyReport:
    await a_month(desk)
    return await monthly(store, NOVEMBER)


async def test_each_unit_has_its_month(report: MonthlyReport) -> None:
    rows = {row.month.unit: row for row in report.units}
    lights = rows[LIGHTS]
    assert (lights.month.received, lights.month.transferred_in_time) == (7, 7)
    assert (lights.month.closed, lights.month.closed_in_time) == (2, 2)
    assert (lights.month.rated, lights.month.satisfied, lights.month.reworked) == (2, 1, 1)
    assert (lights.satisfied_share, lights.satisfied_change) == (0.5, None)
    assert lights.month.median_transfer_seconds == 0
    assert (rows[ELSEWHERE].month.transferred_in_time, rows[ELSEWHERE].transferred_share) == (0, 0)
    assert rows[ELSEWHERE].month.median_transfer_seconds == 16 * 60
    assert rows[UNIT].transferred_share == 1


async def test_topics_places_and_what_rose(report: MonthlyReport) -> None:
    top = report.topics[0]
    assert (top.category, top.street, top.count) == (LAMP.category, "棠下街道", 7)
    assert [(rise.before, rise.change) for rise in report.rising] == [(1, 6)]
    assert [(place.address, place.count) for place in report.places] == [("=棠下村口", 7)]
    assert report.districts == {"天河区": 9}


async def test_a_transfer_elsewhere_teaches(report: MonthlyReport) -> None:
    assert [(one.rule, one.wrong, one.right, one.count) for one in report.misrouted] == [
        ("R45", UNIT, ELSEWHERE, 1)
    ]


async def test_change_to_last_month(desk: Desk, store: Store) -> None:
    for month, grade in ((NOVEMBER, 1), (following(NOVEMBER), 5)):
        at = month + timedelta(days=1)
        ticket = await desk.open(LAMP, key=f"{month}", session_id="s1", by="bot", at=at)
        await ordered(desk, ticket.ticket_no, *WORK, at=at)
        await desk.rate(ticket.ticket_no, grade, at=at)
    december = await monthly(store, following(NOVEMBER))
    assert [row.satisfied_change for row in december.units] == [1.0]
    assert [row.received_change for row in december.units] == [0]
    assert [row.transferred_change for row in december.units] == [0.0]


async def test_excel_has_every_sheet_and_no_formula(report: MonthlyReport, tmp_path: Path) -> None:
    file = tmp_path / "report.xlsx"
    excel.write(report, file)
    with zipfile.ZipFile(file) as book:
        pages = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        text = book.read("xl/sharedStrings.xml").decode()
        assert not any(b"<f>" in book.read(name) for name in pages)
    assert len(pages) == len(sheets(report))
    assert LIGHTS in text
    assert "=棠下村口" in text


async def test_pdf_has_pages(report: MonthlyReport, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    pdf.write(report, file)
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) >= 1
    assert b"STSong-Light" in content


@pytest.mark.parametrize(
    ("histogram", "middle"),
    [([(3, 1)], 3), ([(1, 1), (2, 1)], 1.5), ([(1, 5), (9, 1)], 1), ([(1, 1), (9, 3)], 9)],
)
def test_median_of_a_histogram(histogram: list[tuple[int, int]], middle: float) -> None:
    assert median(histogram) == middle


def test_months() -> None:
    assert month_of("2026-11") == NOVEMBER
    assert following(month_of("2026-12")) == month_of("2027-01")
    assert following(month_of("2027-01"), -1) == month_of("2026-12")
    with pytest.raises(Rejected) as refused:
        month_of("2026-13")
    assert refused.value.field == "month"
