import pytest

from bot.rules.clauses import CLAUSE, substance, without_private
from bot.rules.report import Wording

WORDING = Wording(openers=("你好", "我要投诉"), private=r"^我姓|电话|保密")
COMMAS = {"as typed": "\uff0c", "as recognised": ","}


@pytest.mark.parametrize("comma", COMMAS.values(), ids=COMMAS)
def test_what_is_private_is_left_out_however_it_is_set_off(comma: str) -> None:
    said = comma.join(("路灯坏了", "我姓陈", "三天了", "电话13800138000"))
    assert without_private(said, WORDING) == f"路灯坏了{comma}三天了"
    assert without_private(comma.join(("我姓陈", "要保密")), WORDING) == ""
    assert without_private(f"路灯坏了{comma}三天了", WORDING) == f"路灯坏了{comma}三天了"


@pytest.mark.parametrize("comma", COMMAS.values(), ids=COMMAS)
def test_an_opener_is_no_substance(comma: str) -> None:
    assert substance(f"你好{comma}我要投诉\uff01路灯坏了", WORDING) == "路灯坏了"
    assert substance(f"你好{comma}我要投诉", WORDING) == ""


def test_every_mark_parts() -> None:
    assert CLAUSE.split("一。二；三！四？五")[::2] == ["一", "二", "三", "四", "五"]
