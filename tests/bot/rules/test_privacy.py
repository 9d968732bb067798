import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.privacy import invented, mask, mask_name, mask_phone, unmask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800138000,谢谢", "电话138****8000,谢谢"),
        ("138 0013 8000", "138****8000"),
        ("座机020-83814282", "座机020****4282"),
        ("身份证440106199001011234", "身份证440106********1234"),
        ("卡号6222021234567890123", "卡号6222********0123"),
        ("a.b@example.com", "***@example.com"),
        ("工单GZ20261122000123", "工单GZ20261122000123"),
        ("灯杆A123,12345热线", "灯杆A123,12345热线"),
    ],
)
def test_personal_numbers_are_masked_and_others_are_not(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("路灯坏了,。 ", max_size=8))
def test_no_mobile_number_survives(number: str, around: str) -> None:
    assert number not in mask(f"{around}{number}{around}")


def test_names_and_numbers_for_pages() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_name("陈小明") == "陈**"
    assert mask_name("陈") == "陈*"


@pytest.mark.parametrize(
    ("text", "source", "whole"),
    [
        ("138****8000", "13800138000", "13800138000"),
        ("a 020****4282 b", "c 020-83834282", "a 020-83834282 b"),
        ("440106********1234", "440106199001011234", "440106199001011234"),
        ("139****9000", "13800138000", "139****9000"),
        ("*", "", "*"),
    ],
)
def test_masked_numbers_are_put_back(text: str, source: str, whole: str) -> None:
    assert unmask(text, source) == whole


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="ab ", max_size=9))
def test_what_was_masked_comes_back(number: str, around: str) -> None:
    text = f"{around} {number} {around}"
    assert unmask(mask(text), text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("灯坏了", "灯坏了"),
        ("电话139 1234 5678", "电话13800138000"),
        ("打020-87654321", "打02081234567"),
        ("证件440106198001011234", "证件44010419900101000X"),
        ("写信 a.b@gz.gov.cn", "写信 somebody@example.com"),
    ],
)
def test_numbers_are_invented_in_their_own_form(text: str, told: str) -> None:
    assert invented(text) == told
    assert invented(told) == told
