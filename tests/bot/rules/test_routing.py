import re

import pytest

from bot.rules.ticket import Urgency
from bot.settings import ROOT
from knowledge_base.routing import load_catalogue, load_units

CATALOGUE = load_catalogue()
DISTRICT = "天河区"


@pytest.mark.parametrize(
    ("category", "said", "rule", "unit"),
    [
        ("市政设施/路灯", "小区里面的路灯坏了", "R08a", "天河区住房和城乡建设局"),
        ("市政设施", "棠下村口马路边的路灯不亮", "R08b", "天河区城市管理和综合执法局"),
        ("市政设施/井盖", "井盖没了,盖上写着雨", "R09a", "天河区水务局"),
        ("生态环境/噪声", "楼上邻居半夜拖椅子,噪音很大", "R01a", "广州市公安局天河区分局"),
        ("生态环境", "工地半夜打桩噪音", "R03", "天河区城市管理和综合执法局"),
        ("劳动人事", "老板三个月没发工资", "R22", "天河区人力资源和社会保障局"),
        ("", "健身房执笠走佬,退费", "R31", "天河区市场监督管理局"),
        ("水务", "马路水管爆了,喷水好高", "R36a", "广州市自来水有限公司"),
    ],
)
def test_what_decides_is_what_was_said(category: str, said: str, rule: str, unit: str) -> None:
    proposal = CATALOGUE.route(category, DISTRICT, said)
    assert (proposal.rule_id, proposal.lead_unit) == (rule, unit)


def test_an_open_question_lowers_the_confidence_and_is_named() -> None:
    unsure = CATALOGUE.route("市政设施/路灯", DISTRICT, "路灯不亮")
    assert unsure.ask
    assert unsure.confidence < CATALOGUE.route("市政设施/路灯", DISTRICT, "马路路灯").confidence


def test_without_a_district_no_district_unit_is_proposed() -> None:
    proposal = CATALOGUE.route("市政设施/路灯", "", "马路边的路灯不亮")
    assert (proposal.lead_unit, proposal.confidence, proposal.auto) == ("", 0.0, False)
    assert CATALOGUE.route("水务/停水", "", "整栋楼停水").lead_unit == "广州市自来水有限公司"


def test_agreement_needs_both_category_and_words() -> None:
    assert CATALOGUE.route("市政设施", DISTRICT, "马路边的路灯不亮").agreed
    assert not CATALOGUE.route("卫生健康", DISTRICT, "马路边的路灯不亮").agreed
    assert not CATALOGUE.route("", DISTRICT, "马路边的路灯不亮").agreed


def test_nothing_known_proposes_nothing() -> None:
    proposal = CATALOGUE.route("", DISTRICT, "你好")
    assert (proposal.lead_unit, proposal.rule_id) == ("", "")


def test_a_hazard_raises_the_urgency() -> None:
    assert CATALOGUE.route("市政设施", DISTRICT, "井盖没了").urgency is Urgency.URGENT
    assert CATALOGUE.route("市政设施", DISTRICT, "路灯不亮").urgency is Urgency.NORMAL


def test_every_row_leads_to_units_that_exist_and_names_its_source() -> None:
    units = load_units()
    for rule in CATALOGUE.rules:
        assert rule.source, rule.id
        for name in (rule.lead, *rule.co):
            for district in ("从化区", "增城区"):
                assert name.replace("{district}", district) in units, (rule.id, name)


def test_every_category_that_is_understood_has_a_row() -> None:
    files = [file.read_text(encoding="utf-8") for file in (ROOT / "nlu").rglob("*.yml")]
    understood = {name for text in files for name in re.findall(r"category: *([^ }\n,]+)", text)}
    assert len(understood) > 100
    assert understood - set(CATALOGUE.categories) == set()


def test_rule_ids_are_used_once() -> None:
    ids = [rule.id for rule in CATALOGUE.rules]
    assert len(ids) == len(set(ids))
