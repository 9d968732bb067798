import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.report import FIELDS, Report, Wording
from bot.rules.reporting import INTERRUPTING, absorb, begin

WORDING = Wording(
    openers=("我要投诉", "投诉", "你好", "他"),
    with_party=frozenset({"市场监管消费"}),
    private=r"^我姓|电话|^1[3-9]\d{9}$",
    leads="就|在|公司在",
    party=r"公司叫(?P<party>[^,]{2,20})",
    declined={"phone": "不留电话"},
    timely="天|晚|经常|上月|每|一直",
)
APPEAL = {"kind": "民生诉求", "category": "市政设施/路灯", "intent": "complain", "confidence": 0.9}


def heard(intent: str, **fields: object) -> dict[str, object]:
    return {"intent": intent, "confidence": 0.9, **fields}


def answer(report: Report, asked: str, text: str, caller: str | None = None, **fields: object):
    intent = str(fields.pop("intent", "inform"))
    return absorb(
        report, heard(intent, **fields), text, asked=asked, caller=caller, wording=WORDING
    )


def test_one_breath_leaves_only_what_was_not_said() -> None:
    said = {
        "address": "棠德南路",
        "district": "天河区",
        "when": "三天",
        "name": "陈",
        "phone": "13800138000",
    }
    report = begin({**APPEAL, **said}, "天河区棠德南路路灯坏了三天", WORDING)
    assert report.missing() == ("confidential", "confirmed")
    assert report.district == "天河区"


def test_an_opener_alone_is_no_matter() -> None:
    assert begin(APPEAL, "你好,我要投诉", WORDING).missing()[0] == "matter"


def test_a_party_is_asked_only_where_it_matters() -> None:
    shop = {**APPEAL, "category": "市场监管消费/消费投诉"}
    assert "party" in begin(shop, "健身房关门跑了退不了卡", WORDING).missing()
    assert "party" not in begin(APPEAL, "路灯坏了好几天了", WORDING).missing()


def test_a_suggestion_needs_no_place_time_or_party() -> None:
    report = begin({**APPEAL, "kind": "意见建议"}, "我建议加一个红绿灯", WORDING)
    assert report.missing() == ("name", "phone", "confidential", "confirmed")


def test_a_correction_replaces_the_wrong_part_of_the_place() -> None:
    report = Report(matter="占道经营", place="天河区棠下", district="天河区")
    step = answer(
        report,
        "time",
        "不对,是车陂不是棠下",
        intent="correct",
        address="车陂",
        district="天河区",
        street="车陂街",
        negated={"address": "棠下"},
    )
    assert step.report.place == "天河区车陂"
    assert step.report.street == "车陂街"
    assert step.corrected == ("place",)
    assert step.report.time is None


def test_the_calling_number_is_offered_taken_or_changed() -> None:
    taken = answer(Report(), "phone", "可以", caller="13512340000", intent="affirm")
    assert taken.report.phone == "13512340000"
    other = answer(Report(), "phone", "换一个", caller="13512340000", intent="deny")
    assert other.report.phone is None
    assert other.report.other_phone
    given_up = answer(other.report, "phone", "算了不留", caller="13512340000", intent="deny")
    assert given_up.report.phone == ""


def test_nobody_is_asked_about_secrecy_who_gave_nothing() -> None:
    report = Report(matter="x", place="", time="", party="", name="")
    assert answer(report, "phone", "不留", intent="skip").report.missing() == ("confirmed",)


def test_no_at_the_reading_back_asks_what_is_wrong_and_takes_it() -> None:
    full = Report("垃圾堆了三天", "同和街", "", "", "王", "13811112222", False)
    refused = answer(full, "confirmed", "不对", intent="deny").report
    assert refused.correcting
    assert refused.confirmed is None
    mended = answer(refused, "confirmed", "电话是139", intent="inform", phone="13900000000").report
    assert mended.phone == "13900000000"
    assert not mended.correcting
    assert answer(mended, "confirmed", "对", intent="affirm").report.missing() == ()


@pytest.mark.parametrize("asked", ["confidential", "confirmed"])
@pytest.mark.parametrize("intent", ["correct", "deny", "inform", "repeat"])
def test_a_part_of_the_number_is_put_right_later(asked: str, intent: str) -> None:
    report = Report("垃圾堆了三天", "同和街", "", "", "王", "13800138000")
    said = "后四位不是八零零零,是八零零一"
    step = answer(report, asked, said, intent=intent)
    assert step.corrected == ("phone",)
    assert step.report.phone == "13800138001"
    assert (step.report.confirmed, step.report.confidential) == (None, None)


def test_a_part_that_is_none_of_the_number_is_left_to_what_it_corrects() -> None:
    report = Report("垃圾堆了三天", "同和街", "", "", "王", "13800138000", False)
    assert (
        answer(report, "confirmed", "不是三号,是四号", intent="deny").report.phone == "13800138000"
    )


def test_an_unreadable_phone_number_is_asked_again() -> None:
    step = answer(Report(), "phone", "一三八零零", intent="inform")
    assert not step.understood
    assert step.report.tries == {"phone": 1}


@pytest.mark.parametrize("intent", ["ask_human", "fire", "crisis"])
def test_danger_and_the_wish_for_a_person_interrupt_however_unsure(intent: str) -> None:
    step = absorb(
        Report(),
        {"intent": intent, "confidence": 0.1},
        "…",
        asked="place",
        caller=None,
        wording=WORDING,
    )
    assert step.interrupted


def test_an_unsure_question_is_taken_as_the_answer() -> None:
    unsure = {"intent": "consult", "confidence": 0.3}
    step = absorb(Report(), unsure, "市桥那个菜市场", asked="place", caller=None, wording=WORDING)
    assert step.report.place == "市桥那个菜市场"


INTENTS = [*sorted(INTERRUPTING), "inform", "affirm", "deny", "skip", "done", "correct", "unclear"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(INTENTS),
            st.text("路灯坏了13800 ", max_size=12),
            st.sampled_from([None, "13800138000"]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_whatever_is_said_nothing_is_unlearned_and_the_order_holds(
    said: list[tuple[str, str, str | None, bool]],
) -> None:
    report = begin(APPEAL, "路灯坏了好几天了", WORDING)
    for intent, text, phone, sure in said:
        missing = report.missing()
        if not missing:
            break
        utterance = {"intent": intent, "confidence": 0.9 if sure else 0.2, "phone": phone}
        step = absorb(report, utterance, text, asked=missing[0], caller=None, wording=WORDING)
        assert set(step.report.missing()) <= set(missing)
        assert [f for f in FIELDS if f in step.report.missing()] == list(step.report.missing())
        if step.interrupted:
            assert step.report == report
        report = step.report


def test_a_place_without_its_district_is_asked_back_once_and_joined() -> None:
    asked_back = "请问是白云区,还是越秀区的白云街?"
    report = begin(
        {**APPEAL, "address": "白云那边", "ask": asked_back}, "白云那边路灯坏了", WORDING
    )
    assert report.missing()[0] == "place"
    assert report.place_ask == asked_back
    told = answer(report, "place", "白云区", district="白云区").report
    assert (told.place, told.district) == ("白云区白云那边", "白云区")
    unknown = answer(report, "place", "不清楚", intent="skip").report
    assert unknown.place == "白云那边"


def test_a_district_alone_is_no_place_to_go_to() -> None:
    report = begin({**APPEAL, "address": "天河区", "district": "天河区"}, "天河区路灯坏了", WORDING)
    assert report.missing()[0] == "place"
    assert report.district == "天河区"
    told = answer(report, "place", "棠德南路12号", address="棠德南路12号").report
    assert (told.place, told.district) == ("天河区棠德南路12号", "天河区")
    told = answer(report, "place", "市场后门").report
    assert told.place == "天河区市场后门"
    told = answer(report, "place", "越秀区", district="越秀区").report
    assert (told.place, told.district) == ("越秀区", "越秀区")
    unknown = answer(report, "place", "不清楚", intent="skip").report
    assert (unknown.place, unknown.district) == ("天河区", "天河区")


def test_a_suggestion_for_a_district_is_for_all_of_it() -> None:
    said = {"kind": "意见建议", "district": "天河区"}
    assert "place" not in begin({**APPEAL, **said}, "建议天河区多种点树", WORDING).missing()


def test_what_answers_another_question_is_not_the_answer_to_this_one() -> None:
    report = Report(matter="路灯坏了", party="", place_part="天河区", district="天河区")
    placed = answer(report, "time", "棠德南路12号门口", address="棠德南路12号门口")
    assert placed.understood
    assert placed.report.place == "天河区棠德南路12号门口"
    assert placed.report.time is None
    named = answer(placed.report, "time", "一直都这样,我姓陈", name="陈")
    assert (named.report.name, named.report.time) == ("陈", "一直都这样")


def test_what_is_not_answered_twice_stays_open() -> None:
    report = Report(matter="x", place="y", time="", category="市场监管消费/消费投诉")
    once = answer(report, "party", "我姓吴", name="吴")
    assert (once.report.party, once.understood) == (None, True)
    twice = answer(once.report, "party", "13811113333", phone="13811113333")
    assert (twice.report.party, twice.report.phone) == ("", "13811113333")


def test_a_name_that_was_left_out_is_taken_when_it_is_told() -> None:
    report = Report(matter="x", place="y", time="", party="", name="")
    told = answer(report, "phone", "我姓黄", name="黄")
    assert (told.report.name, told.report.phone, told.understood) == ("黄", None, True)


def test_a_time_told_more_closely_replaces_the_first() -> None:
    report = Report(matter="油烟", place="y", time="天天晚上", party="")
    told = answer(report, "name", "每天晚上六点到凌晨", when="每天晚上六点到凌晨")
    assert (told.report.time, told.corrected) == ("每天晚上六点到凌晨", ("time",))


def test_a_name_beside_a_number_is_no_party() -> None:
    consumer = {"kind": "民生诉求", "category": "市场监管消费/预付卡"}
    report = Report(matter="x", place="y", time="z", **consumer)
    told = answer(report, "party", "黄小姐,13912345678", name="黄小姐", phone="13912345678").report
    assert (told.party, told.name, told.phone) == (None, "黄小姐", "13912345678")


def test_a_place_is_no_time() -> None:
    report = Report(matter="公园附近没有井盖", place="天河区公园附近", district="天河区")
    told = answer(report, "time", "就在公园南门对面", address="公园南门对面")
    assert (told.report.place, told.report.time) == ("天河区公园南门对面", None)
    assert told.corrected == ("place",)


def test_what_is_no_time_is_added_to_the_matter_once_asked() -> None:
    report = Report(matter="井盖不见了", place="y", kind="民生诉求")
    told = answer(report, "time", "上面写着中国移动")
    assert (told.report.matter, told.added) == ("井盖不见了\uff1b上面写着中国移动", True)
    assert answer(told.report, "time", "经常这样").report.time == "经常这样"


def test_the_matter_told_at_last_is_what_it_is_about() -> None:
    vague = Report(kind="民生诉求", category="党政作风/不作为")
    told = answer(vague, "matter", "路灯不亮了", kind="民生诉求", category="市政设施/路灯").report
    assert (told.matter, told.category, told.party) == ("路灯不亮了", "市政设施/路灯", "")


def test_a_number_that_is_refused_is_not_asked_for() -> None:
    report = Report(matter="x", place="y", kind="民生诉求")
    told = answer(report, "time", "不留电话", intent="skip")
    assert (told.report.phone, told.understood) == ("", True)


def test_a_time_told_when_the_party_is_asked_is_a_time() -> None:
    report = Report(matter="x", place="y", time="过年", kind="民生诉求", category="市场监管消费/x")
    told = answer(report, "party", "三个月了", when="三个月了").report
    assert (told.time, told.party) == ("三个月了", None)


def test_what_may_stay_open_is_asked_twice_at_most() -> None:
    report = Report(matter="x", place="y", time="z", kind="民生诉求", category="市场监管消费/x")
    once = answer(report, "party", "好的", intent="affirm")
    assert (once.report.party, once.understood) == (None, False)
    twice = answer(once.report, "party", "好的", intent="affirm")
    assert (twice.report.party, twice.understood) == ("", True)


def test_a_district_said_short_is_not_said_twice() -> None:
    report = Report(matter="x", kind="民生诉求")
    place = {"address": "增城新塘港口大道", "district": "增城区", "street": "新塘镇"}
    told = answer(report, "place", "增城新塘港口大道", **place).report
    assert told.place == "增城区新塘港口大道"
    park = answer(report, "place", "天河公园", address="天河公园", district="天河区").report
    assert park.place == "天河区天河公园"


def test_all_that_answers_where_is_kept() -> None:
    def where(text: str, **heard: object) -> str | None:
        return answer(Report(matter="x", kind="民生诉求"), "place", text, **heard).report.place

    assert where("305路在岗顶站", address="岗顶站", district="天河区") == "天河区305路在岗顶站"
    assert (
        where("就在海珠区宝岗大道", address="海珠区宝岗大道", district="海珠区") == "海珠区宝岗大道"
    )
    said = "公司叫好运来制衣厂,在海珠区大塘,昨天,我姓吴"
    found = answer(
        Report(matter="x"), "place", said, address="海珠区大塘", district="海珠区", when="昨天"
    ).report
    assert found.place == "公司叫好运来制衣厂\uff0c海珠区大塘"
    assert found.party == "好运来制衣厂"


def test_a_wish_to_complain_is_no_place() -> None:
    step = answer(Report(matter="x"), "place", "我要投诉他", intent="complain")
    assert step.report.place is None
    assert not step.understood


def test_a_corrected_place_is_corrected_in_the_matter_too() -> None:
    report = Report(
        matter="白云区黄石东路井盖不见了",
        place="白云区黄石东路",
        district="白云区",
        time="",
        party="",
    )
    step = answer(report, "name", "地址错了,是黄石西路", intent="correct", address="黄石西路")
    assert step.report.place == "白云区黄石西路"
    assert step.report.matter == "白云区黄石西路井盖不见了"


def test_leaving_out_the_name_does_not_leave_out_the_number() -> None:
    step = answer(
        Report(matter="x", place="y", time="", party=""),
        "name",
        "不留名字",
        intent="skip",
        anonymous=True,
    )
    assert step.report.name == ""
    assert step.report.phone is None


def test_an_anonymous_caller_keeps_the_number_they_gave() -> None:
    report = Report(matter="x", place="y", time="", party="", phone="13800138000")
    said = answer(
        report, "confidential", "我要匿名", intent="confidential", anonymous=True, confidential=True
    )
    assert (said.report.phone, said.report.anonymous) == ("13800138000", True)


def test_the_matter_holds_neither_name_nor_number() -> None:
    wording = Wording(private=r"^我姓|电话|保密")
    said = "龙洞街有人乱倒余泥,昨天晚上,我姓林,电话13811110000,不用保密"
    assert begin(APPEAL, said, wording).matter == "龙洞街有人乱倒余泥,昨天晚上"
    assert begin(APPEAL, "路灯坏了好几天了", wording).matter == "路灯坏了好几天了"


def test_a_detail_told_while_something_else_is_asked_goes_to_the_matter() -> None:
    report = Report(matter="出租车拒载", place="广州东站", time="刚才", party="")
    told = answer(report, "name", "车牌是粤A·T1234")
    assert told.added
    assert told.understood
    assert told.report.matter == "出租车拒载\uff1b车牌是粤A·T1234"
    assert told.report.name is None
    assert not answer(report, "phone", "12345678901").understood
