"""Another city as the place of a matter, or only on its way."""

import pytest

from nlu.understanding.elsewhere import is_elsewhere


@pytest.mark.parametrize(
    ("said", "far", "elsewhere"),
    [
        ("重庆的房子物业不作为", "重庆", True),
        ("我在北京租房被坑了押金", "北京", True),
        ("我老家广西修路占了地", "广西", True),
        ("南宁的出租车不打表", "南宁", True),
        ("成都的疫苗哪打", "成都", True),
        ("湖南的户口怎么迁到广州", "湖南", False),
        ("网购的商家在杭州,不退款", "杭州", False),
        ("买的四川辣酱过期了", "四川", False),
        ("我在深圳住,小区停水", None, True),
        ("从深圳转来广州的社保", None, False),
        ("深圳的居住证没办下来,去哪催", None, True),
        ("到佛山上班住哪方便,问居住证", None, False),
        ("头两次在惠州做的,剩下的能回来做吗", None, False),
        ("珠海拖的车去哪交罚款,我人在广州", None, True),
    ],
)
def test_is_elsewhere(said: str, far: str | None, elsewhere: bool) -> None:
    assert is_elsewhere(said, far) is elsewhere
