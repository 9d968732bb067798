"""The base as the hotline uses it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.entry import Visibility
from knowledge_base.knowledge import KnowledgeBase
from tests.knowledge_base.conftest import TODAY, one, written


def put(folder: Path, text: str, name: str = "a.yml") -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def small(folder: Path, *entries: str) -> KnowledgeBase:
    put(folder, written(*entries, one("other", "养老院怎么轮候?", "公办养老院")))
    return KnowledgeBase(folder)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("12345几点上班?", "hotline-hours"),
        ("停水了打什么电话", "water-outage"),
        ("我哋成栋楼冇水用", "water-outage"),
        ("岁好办是什么", "app-suihaoban"),
        ("申请低保要什么材料", "lowincome-material"),
        ("屋里闻到煤气味怎么办", "gas-leak"),
    ],
)
def test_it_answers(base: KnowledgeBase, question: str, entry: str) -> None:
    finding = base.find(question, on=TODAY)
    assert (finding.kind, finding.entry and finding.entry.id) == ("answered", entry)


@pytest.mark.parametrize("question", ["", "???", "怎么做红烧肉", "kubernetes怎么装", "\x00\x01"])
def test_it_knows_that_it_does_not_know(base: KnowledgeBase, question: str) -> None:
    finding = base.find(question, on=TODAY)
    assert finding.kind != "answered"
    assert finding.entry is None


def test_an_endless_question_is_survived(base: KnowledgeBase) -> None:
    assert base.find("投诉" * 50_000, on=TODAY).kind in {"answered", "close", "unknown"}


def test_the_matter_of_another_city_is_not_answered_from_ours(base: KnowledgeBase) -> None:
    assert base.find("居住证怎么办", on=TODAY).kind == "answered"
    assert base.find("佛山居住证怎么办", on=TODAY).kind != "answered"
    moved = base.find("从深圳换到广州工作，养老保险怎么合并", on=TODAY)
    assert moved.entry is not None, "an entry that speaks of the other city answers"


def test_between_two_it_offers_both(folder: Path) -> None:
    base = small(
        folder, one("lost", "护照挂失?", "挂失护照"), one("renew", "护照换页?", "换页护照")
    )
    finding = base.find("护照", on=TODAY)
    assert finding.kind == "close"
    assert {match.entry.id for match in finding.matches} == {"lost", "renew"}


def test_an_expired_entry_is_not_served(folder: Path) -> None:
    entry = one(
        "old", "灯会几点开?", "看灯会", valid_from='"2026-02-01"', valid_until='"2026-02-28"'
    )
    base = small(folder, entry)
    served = {
        day: bool(base.find("灯会几点开", on=day).entry)
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(served.values()) == [False, True, True, False]


def test_an_entry_for_agents_is_not_served_to_callers(folder: Path) -> None:
    base = small(folder, one("secret", "内部通讯录在哪?", "通讯录", visibility="department"))
    assert base.find("内部通讯录在哪", on=TODAY).entry is None


def test_who_may_read_an_entry_finds_it(folder: Path) -> None:
    base = small(
        folder,
        one("public", "夜校几点开?", "夜校时间"),
        one("desk", "夜校校长电话?", "夜校通讯录", visibility="department"),
        one("editors", "夜校合同在哪?", "夜校合同", visibility="internal"),
    )
    found = {
        reader: {match.entry.id for match in base.search("夜校", on=TODAY, reader=reader)}
        for reader in Visibility
    }
    assert found == {
        Visibility.PUBLIC: {"public"},
        Visibility.DEPARTMENT: {"public", "desk"},
        Visibility.INTERNAL: {"public", "desk", "editors"},
    }


@pytest.mark.parametrize("hidden", [{"visibility": "department"}, {"valid_until": '"2026-02-28"'}])
def test_the_words_of_a_hidden_entry_make_no_other_one_sure(
    folder: Path, hidden: dict[str, str]
) -> None:
    base = small(
        folder,
        one("hidden", "夜校校长电话?", "校长电话", **hidden),
        one("public", "夜校几点开?", "夜校时间"),
    )
    finding = base.find("夜校校长电话", on=TODAY)
    assert (finding.kind, finding.confidence) == ("unknown", 0)


def test_the_same_words_in_two_districts_are_as_sure_in_each(folder: Path) -> None:
    base = small(
        folder,
        one("panyu", "夜校几点开?", "夜校时间", area="番禺区"),
        one("tianhe", "夜校几点开?", "夜校时间", area="天河区"),
    )
    for district, entry in (("番禺区", "panyu"), ("天河区", "tianhe")):
        finding = base.find("夜校几点开", on=TODAY, district=district)
        assert (finding.entry and finding.entry.id, finding.confidence) == (entry, 1)


def test_the_area_is_kept(folder: Path) -> None:
    base = small(
        folder,
        one("panyu", "番禺夜校怎么报名?", "夜校报名", area="番禺区"),
        one("city", "夜校是什么?", "市民夜校"),
    )
    assert base.find("夜校报名", on=TODAY, district="番禺区").entry.id == "panyu"  # type: ignore[union-attr]
    elsewhere = base.search("夜校报名", on=TODAY, district="天河区")
    assert [match.entry.id for match in elsewhere] == ["city"]


def test_it_asks_for_the_district_where_it_decides(folder: Path) -> None:
    base = small(
        folder,
        one(
            "one",
            "番禺夜校怎么报名?",
            "番禺夜校",
            area="番禺区",
            topic="school",
            applies_to="[番禺]",
        ),
        one(
            "two",
            "天河夜校怎么报名?",
            "天河夜校",
            area="天河区",
            topic="school",
            applies_to="[天河]",
        ),
    )
    asked = base.find("夜校怎么报名", on=TODAY)
    assert (asked.kind, asked.ask) == ("close", base.shelf.ask_district)
    assert {match.entry.id for match in asked.matches} == {"one", "two"}
    told = base.find("天河夜校怎么报名", on=TODAY)
    assert told.entry is not None
    assert told.entry.id == "two"


def test_it_asks_for_the_household_where_it_decides(base: KnowledgeBase) -> None:
    asked = base.find("公租房怎么申请", on=TODAY)
    assert asked.kind == "close"
    assert asked.ask is not None
    assert "户籍" in asked.ask
    told = base.find("外地户口能申请公租房吗", on=TODAY)
    assert told.entry is not None
    assert told.entry.id == "public-rental-migrant"


@pytest.mark.parametrize(
    ("before", "question", "entry"),
    [
        ("lowincome", "那要带什么材料?", "lowincome-material"),
        ("residence-permit", "要多久?", "residence-permit-time"),
        ("residence-permit", "那要带什么材料?", "residence-permit-material"),
        ("residence-permit-material", "那去哪里办呢", "residence-permit-where"),
        ("water-outage", "电话是多少", "water-outage"),
        ("household-points", "什么时候可以申请", "household-points-when"),
        ("idcard", "那要多少钱", "idcard-time"),
    ],
)
def test_a_follow_up_is_read_in_context(
    base: KnowledgeBase, before: str, question: str, entry: str
) -> None:
    finding = base.find(question, on=TODAY, previous=before)
    assert (finding.kind, finding.entry and finding.entry.id) == ("answered", entry)


def test_a_new_question_leaves_the_context(base: KnowledgeBase) -> None:
    finding = base.find("路灯不亮了找谁修", on=TODAY, previous="lowincome")
    assert finding.entry is not None
    assert finding.entry.id == "lamp-out"


def test_an_unknown_previous_entry_is_ignored(base: KnowledgeBase) -> None:
    assert base.find("停水了怎么办", on=TODAY, previous="gone").kind == "answered"


def test_a_changed_entry_is_taken_up(folder: Path) -> None:
    base = small(folder, one("one", "灯会几点开?", "看灯会", answer="六点"))
    put(folder, written(one("one", "灯会几点开?", "看灯会", answer="七点半开")))
    assert base.refresh()
    assert base.entry("one").answer == "七点半开"  # type: ignore[union-attr]
    assert not base.refresh()


def test_a_wrong_change_leaves_all_as_it_was(folder: Path) -> None:
    base = small(folder, one("one", "灯会几点开?", "看灯会", answer="六点"))
    put(folder, written(one("one", "灯会几点开?", "看灯会", answer="<script>")))
    assert base.refresh()
    assert base.entry("one").answer == "六点"  # type: ignore[union-attr]
    assert base.trouble is not None
    assert "a.yml" in base.trouble
    put(folder, written(one("one", "灯会几点开?", "看灯会", answer="七点")))
    base.refresh()
    assert base.trouble is None


def test_many_threads_may_ask_while_files_change(folder: Path) -> None:
    base = small(folder, one("one", "灯会几点开?", "看灯会"))

    def ask(number: int) -> str:
        if number % 10 == 0:
            put(folder, written(one("one", "灯会几点开?", "看灯会", answer=f"第{number}版")))
            base.refresh()
        finding = base.find("灯会几点开", on=TODAY)
        return finding.entry.id if finding.entry else "none"

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(60))) == {"one"}


def test_a_product_s_entry_asks_back_and_the_answer_decides(base: KnowledgeBase) -> None:
    asked = "公租房怎么申请"
    back = base.find(asked, on=TODAY)
    assert (back.kind, back.entry) == ("close", None)
    assert back.ask
    for told, entry in (
        ("广州户籍", "public-rental"),
        ("本地户口", "public-rental"),
        ("来穗人员", "public-rental-migrant"),
        ("外地人", "public-rental-migrant"),
        ("非广州户籍", "public-rental-migrant"),
    ):
        found = base.find(asked + told, on=TODAY)
        assert found.entry is not None, told
        assert found.entry.id == entry, told


@pytest.mark.parametrize(
    ("entry", "told", "district", "decided"),
    [
        ("public-rental", "我没有广州户口", None, "public-rental-migrant"),
        ("public-rental-migrant", "我系老广嚟", None, "public-rental"),
        ("public-rental", "我是湖南来的", None, None),
        ("public-rental", "在天河区", "天河区", None),  # the district does not decide here
        ("lamp-owner", "番禺", "番禺区", "lamp-panyu"),
        ("lamp-owner", "大石那边", None, "lamp-panyu"),
        ("lamp-panyu", "天河", "天河区", "lamp-owner"),
        ("lamp-owner", "不知道", None, None),
        ("gone", "广州户籍", None, None),
    ],
)
def test_an_answer_decides_between_the_entries_of_a_topic(
    base: KnowledgeBase, entry: str, told: str, district: str | None, decided: str | None
) -> None:
    found = base.decided(entry, told, on=TODAY, district=district)
    assert (found and found.id) == decided


def test_the_caller_s_district_decides_without_asking(base: KnowledgeBase) -> None:
    found = {d: base.find("路灯归谁管", on=TODAY, district=d) for d in (None, "番禺区", "天河区")}
    entries = {district: finding.entry and finding.entry.id for district, finding in found.items()}
    assert entries == {None: None, "番禺区": "lamp-panyu", "天河区": "lamp-owner"}
    assert found[None].ask == base.shelf.ask_district


@pytest.mark.parametrize("before", ["", "我还想问一下", "而且我还想问一下", "顺便问下"])
def test_how_a_question_is_led_in_does_not_matter(base: KnowledgeBase, before: str) -> None:
    found = base.find(f"{before}失业金怎么领", on=TODAY)
    assert found.entry is not None
    assert found.entry.id == "unemployment"
