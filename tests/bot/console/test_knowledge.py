"""The editors' API over a small base of its own."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import now
from bot.console.parts import CONSOLE
from bot.rules.session import Channel, Speaker
from bot.weekly import WEEK, gather, monday
from knowledge_base import loading
from tests.knowledge_base.conftest import one, written

TEXT = written(
    one("school", "夜校几点开?", "夜校时间", answer="六点"), one("lamp", "路灯坏了?", "街灯坏了")
)


@pytest.fixture(autouse=True)
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of entries that the gateway opens."""
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "a.yml").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(loading, "ENTRIES", folder)
    return folder


async def test_a_change_is_published_found_and_taken_back(entries, house, make_seat) -> None:
    seat = await make_seat("chen", "editor")
    found = (await seat.get("knowledge/search?q=夜校几点开"))[1]
    assert (found["kind"], found["entry"]) == ("answered", "school")
    assert found["matches"][0] == {"entry": "school", "question": "夜校几点开?", "score": 1.0}
    entry = (await seat.get("knowledge/entries/school"))[1]
    assert (entry["file"], entry["answer"], entry["spoken"]) == ("a.yml", "六点", ["请看公告。"])
    changed = {"file": "a.yml", "yaml": entry["yaml"].replace("六点", "七点"), "why": "new hours"}
    edition = (await seat.post("knowledge/publish", changed))[1]["edition"]
    assert (edition["number"], edition["who"], edition["why"]) == (1, "chen", "new hours")
    assert (await seat.get("knowledge/entries/school"))[1]["answer"] == "七点"
    lines = (await seat.get("knowledge/history/1"))[1]["lines"]
    assert [line for line in lines if line[0] in "+-" and "点" in line and "?" not in line] == [
        "-    answer: 六点",
        "+    answer: 七点",
    ]
    again = (await seat.post("knowledge/rollback", {"edition": 1, "why": "wrong"}))[1]
    assert again["edition"]["number"] == 2
    assert (entries / "a.yml").read_text(encoding="utf-8") == TEXT
    assert [e["number"] for e in (await seat.get("knowledge/history"))[1]["editions"]] == [2, 1]


async def test_what_was_tried_is_kept_and_compared_with_now(entries, make_seat) -> None:
    seat = await make_seat("chen", "editor")
    await seat.get("knowledge/search?q=夜校几点开,我电话13812345678")
    await seat.get("knowledge/search?q=夜校几点开&district=天河区")
    moved = TEXT.replace("id: school", "id: evening-school")
    (entries / "a.yml").write_text(moved, encoding="utf-8")
    await seat.get("knowledge/search?q= ")
    last = (await seat.get("knowledge/trials"))[1]["trials"]
    assert "13812345678" not in str(last)
    rows = [(row["who"], row["district"], row["entry"], row["now"]["entry"]) for row in last]
    assert rows[0] == ("chen", "天河区", "school", "evening-school")
    assert len(rows) == 2


async def test_a_second_editor_publishes_what_one_wrote(entries, house, make_seat) -> None:
    writer, reader = await make_seat("chen", "editor"), await make_seat("lin", "editor")
    entry = (await writer.get("knowledge/entries/school"))[1]["yaml"]
    told = {"file": "a.yml", "yaml": entry.replace("六点", "<b>七点</b>"), "why": "new hours"}
    assert "HTML" in (await writer.post("knowledge/proposals", told))[1]["problems"][0]
    told["yaml"] = entry.replace("六点", "七点")
    for _ in range(2):
        assert (await writer.post("knowledge/proposals", told))[1]["proposal"]["who"] == "chen"
    assert (entries / "a.yml").read_text(encoding="utf-8") == TEXT
    waiting = (await reader.get("knowledge/proposals"))[1]["proposals"]
    assert [(row["number"], row["why"]) for row in waiting] == [(1, "new hours"), (2, "new hours")]
    own = await writer.post("knowledge/proposals/1", {"accepted": True})
    assert (own[0], own[1]["error"]["code"]) == (400, "own_proposal")
    edition = (await reader.post("knowledge/proposals/1", {"accepted": True}))[1]["edition"]
    assert (edition["who"], edition["accepted_by"], edition["entries"]) == (
        "chen",
        "lin",
        ["school"],
    )
    assert (await reader.get("knowledge/entries/school"))[1]["answer"] == "七点"
    assert (await reader.post("knowledge/proposals/1", {"accepted": True}))[0] == 404
    for why in ({}, {"why": " "}, {"why": 7}):
        status, refused = await reader.post("knowledge/proposals/2", {"accepted": False} | why)
        assert (status, refused["error"]["code"]) == (400, "field_missing")
    told = {"accepted": False, "why": "no source"}
    assert (await reader.post("knowledge/proposals/2", told))[0] == 200
    assert (await reader.get("knowledge/proposals"))[1] == {"proposals": [], "sent_back": []}
    (back,) = (await writer.get("knowledge/proposals"))[1]["sent_back"]
    assert (back["number"], back["back"]["who"], back["back"]["why"]) == (2, "lin", "no source")
    assert (await reader.post("knowledge/proposals/2/aside", {}))[0] == 404
    assert (await writer.post("knowledge/proposals/2/aside", {}))[0] == 200
    assert (await writer.get("knowledge/proposals"))[1]["sent_back"] == []


async def test_its_author_withdraws_a_proposal_without_a_reason(entries, make_seat) -> None:
    seat = await make_seat("chen", "editor")
    entry = (await seat.get("knowledge/entries/school"))[1]["yaml"]
    told = {"file": "a.yml", "yaml": entry.replace("六点", "七点"), "why": "x"}
    assert (await seat.post("knowledge/proposals", told))[0] == 200
    assert (await seat.post("knowledge/proposals/1", {"accepted": False}))[0] == 200
    assert (await seat.get("knowledge/proposals"))[1] == {"proposals": [], "sent_back": []}


async def test_where_changes_are_reviewed_nobody_publishes_alone(entries, house, make_seat) -> None:
    object.__setattr__(house.app[CONSOLE], "reviewed", True)
    seat = await make_seat("chen", "editor")
    told = {"file": "a.yml", "yaml": "id: school", "why": "x"}
    status, answer = await seat.post("knowledge/publish", told)
    assert (status, answer["error"]["code"]) == (400, "review_needed")


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("id: school\nquestion: x", "answer: is missing"),
        ("question: x", "id: is missing"),
        ("id: [", "yaml"),
    ],
)
async def test_what_breaks_a_rule_is_told_by_field(entries, make_seat, yaml, said) -> None:
    seat = await make_seat("chen", "editor")
    told = (await seat.post("knowledge/publish", {"file": "a.yml", "yaml": yaml, "why": "x"}))[1]
    assert any(said in problem for problem in told["problems"])
    assert (entries / "a.yml").read_text(encoding="utf-8") == TEXT


async def test_only_editors_may_come_in(make_seat) -> None:
    seat = await make_seat("li", "agent")
    for path in (
        "search?q=x",
        "entries/school",
        "history",
        "history/1",
        "stale",
        "unanswered",
        "verdicts",
        "proposals",
        "trials",
    ):
        assert (await seat.get(f"knowledge/{path}"))[0] == 403
    for path in ("publish", "rollback", "proposals", "proposals/1", "proposals/1/aside"):
        body = {"file": "a.yml", "yaml": "id: x", "why": "x", "edition": 1}
        assert (await seat.post(f"knowledge/{path}", body))[0] == 403


async def test_what_is_not_there(make_seat) -> None:
    seat = await make_seat("chen", "editor")
    assert (await seat.get("knowledge/entries/none"))[0] == 404
    assert (await seat.get("knowledge/history/9"))[0] == 404
    assert (await seat.get("knowledge/spoken?text=x"))[0] == 503
    gone = {"file": "../a.yml.txt", "yaml": "id: x", "why": "x"}
    assert (await seat.post("knowledge/publish", gone))[0] == 404


async def test_gaps_and_stale_entries(house, make_seat) -> None:
    seat = await make_seat("chen", "editor")
    gap = {"facts": {"gap": {"kind": "unknown", "district": "天河区"}}}
    async with house.store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, now())
        await records.turns.add(
            "s1", Speaker.CALLER, "怎么考导游证", now(), status="clarified", outcome=gap
        )
    (row,) = (await seat.get("knowledge/unanswered"))[1]["gaps"]
    assert (row["question"], row["count"], row["districts"]) == ("怎么考导游证", 1, [["天河区", 1]])
    told = (await seat.get("knowledge/stale"))[1]
    assert told["files"] == ["a.yml"]


async def test_a_gathered_week_tells_what_can_be_answered_now(entries, house, make_seat) -> None:
    seat = await make_seat("chen", "editor")
    gap = {"facts": {"gap": {"kind": "unknown"}, "district": "天河区"}}
    week = monday(now().date()) - WEEK
    async with house.store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, now())
        for text in ("怎么考导游证", "夜校几点开"):
            await records.turns.add(
                "s1", Speaker.CALLER, text, now() - WEEK, status="clarified", outcome=gap
            )
    assert (await seat.get("knowledge/unanswered"))[1]["weeks"] == []
    await gather(house.store, now())
    told = (await seat.get(f"knowledge/unanswered?week={week}"))[1]
    assert told["weeks"] == [week.isoformat()]
    rows = [(row["question"], row["examples"], row["answered_by"]) for row in told["gaps"]]
    assert rows == [
        ("怎么考导游证", ["怎么考导游证"], None),
        ("夜校几点开", ["夜校几点开"], "school"),
    ]
    assert (await seat.get("knowledge/unanswered?week=2026-13-01"))[0] == 400


async def test_what_callers_found_of_no_use_comes_first(entries, house, make_seat) -> None:
    old = TEXT.replace('as_of: "2026-01-01"', 'as_of: "2019-11-01"')
    (entries / "a.yml").write_text(old, encoding="utf-8")
    seat = await make_seat("chen", "editor")
    stale = (await seat.get("knowledge/stale"))[1]["entries"]
    assert [row["entry"] for row in stale] == ["school", "lamp"]
    async with house.store.begin() as records:
        for session, entry, helpful in (
            ("s1", "lamp", False),
            ("s2", "lamp", False),
            ("s2", "school", True),
            ("s3", "school", False),
            ("s3", "school", True),  # changed their mind
            ("s4", "gone", False),  # an entry that is no more
        ):
            await records.verdicts.give(session, entry, helpful=helpful, channel="web", at=now())
        await records.verdicts.give(
            "s5", "school", helpful=False, channel="web", at=now() - timedelta(days=91)
        )
    rows = (await seat.get("knowledge/verdicts"))[1]["entries"]
    counts = [(row["entry"], row["helpful"], row["unhelpful"]) for row in rows]
    assert counts == [("lamp", 0, 2), ("school", 2, 0)]
    stale = (await seat.get("knowledge/stale"))[1]["entries"]
    assert [row["entry"] for row in stale] == ["lamp", "school"]
