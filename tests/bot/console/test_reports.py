"""The monthly report over the desk's API: figures, files, and what each role may see."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import now
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_desk import LAMP
from tests.bot.reporting.test_reporting import a_month

MONTH = "reports/2026-11"


async def test_a_month_as_figures(house, make_seat):
    await a_month(house.desk)
    seat = await make_seat("wang", "supervisor")
    status, told = await seat.get(MONTH)
    assert status == 200
    assert told["city"]["received"] == 9
    assert told["districts"] == {"天河区": 9}
    assert told["days"] == {"2026-11-23": 9}
    assert [topic["count"] for topic in told["of_district"]["天河区"]] == [7, 2]
    assert len(told["tables"]) == 6


async def test_house_numbers_are_for_who_supervises(house, make_seat):
    lamp = replace(LAMP, address="车陂路12号3栋")
    for number in range(3):
        await house.desk.open(lamp, key=f"n{number}", session_id="s1", by="bot", at=MONDAY)
    for login, role, shown in (("li", "agent", "车陂路*号*栋"), ("wang", "admin", lamp.address)):
        seat = await make_seat(login, role)
        (place,) = (await seat.get(MONTH))[1]["tables"][3]["rows"]
        assert place[3] == shown


async def test_the_same_as_files(house, make_seat):
    await a_month(house.desk)
    seat = await make_seat()
    async with seat.client.get(f"/api/desk/{MONTH}/file?form=xlsx") as answer:
        book = zipfile.ZipFile(io.BytesIO(await answer.read()))
        assert "xl/workbook.xml" in book.namelist()
        assert "12345-2026-11.xlsx" in answer.headers["Content-Disposition"]
    async with seat.client.get(f"/api/desk/{MONTH}/file?form=pdf") as answer:
        assert (await answer.read()).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("path", "field"),
    [("reports/2026-13", "month"), ("reports/1126-01", "month"), (f"{MONTH}/file?form=x", "form")],
)
async def test_what_is_no_month_or_form_is_refused(make_seat, path, field):
    seat = await make_seat()
    status, told = await seat.get(path)
    assert (status, told["error"]["field"]) == (400, field)


async def test_what_comes_all_at_once_is_told(house, make_seat):
    seat = await make_seat()
    lamp, moment = LAMP, now()
    for number in range(4):
        await house.desk.open(lamp, key=f"n{number}", session_id="s1", by="bot", at=moment)
    assert (await seat.get("bursts"))[1] == {"hours": 2, "bursts": []}
    await house.desk.open(lamp, key="n4", session_id="s1", by="bot", at=moment)
    (burst,) = (await seat.get("bursts"))[1]["bursts"]
    assert (burst["category"], burst["district"], burst["count"]) == (lamp.category, "天河区", 5)
    assert burst["usual"] == 0
    yesterday = moment - timedelta(days=1)
    for number in range(5, 5 + 7 * 12 * 2):  # two in every two hours of the week before
        await house.desk.open(lamp, key=f"n{number}", session_id="s1", by="bot", at=yesterday)
    assert (await seat.get("bursts"))[1]["bursts"] == []
