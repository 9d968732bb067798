from bot.rules.filling import correct, fill, refines
from bot.rules.report import Report, Wording

WORDING = Wording(private=r"^我姓", leads="就|在", party=r"店叫(?P<party>[^,\uff0c]{2,9})")


def test_open_fields_are_filled_and_full_ones_left() -> None:
    heard = {"when": "昨晚", "name": "陈", "phone": "13800138000", "confidential": True}
    report = fill(Report(time="今天"), heard, "店叫好又来\uff0c我姓陈", WORDING)
    assert (report.time, report.name, report.phone) == ("今天", "陈", "13800138000")
    assert (report.party, report.confidential) == ("好又来", True)


def test_the_answer_to_where_is_kept_whole_but_for_what_is_private() -> None:
    heard = {"address": "岗顶站", "district": "天河区"}
    report = fill(Report(), heard, "305路在岗顶站\uff0c我姓陈", WORDING, "place")
    assert report.place == "天河区305路在岗顶站"


def test_a_correction_overwrites_and_reaches_the_matter() -> None:
    before = Report("棠下有人占道", "天河区棠下", "今天", district="天河区")
    after = correct(before, {"address": "车陂", "district": "天河区", "when": "昨天"})
    assert (after.place, after.time, after.matter) == ("天河区车陂", "昨天", "车陂有人占道")


def test_only_what_is_closer_refines() -> None:
    report = Report(time="天天晚上", place="天河区棠下")
    assert refines(report, {"when": "每天晚上六点到凌晨"}, "", "name")
    assert not refines(report, {"when": "晚上"}, "", "name")
    assert not refines(report, {"address": "棠下"}, "", "name")
    assert not refines(report, {"when": "每天晚上六点到凌晨"}, "", "place")
