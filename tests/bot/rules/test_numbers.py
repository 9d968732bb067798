"""Numbers as people say them."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import amend_phone, denied_phone, phone, ticket_no

CASES = yaml.safe_load(Path(__file__).with_name("numbers_cases.yml").read_text("utf-8"))
SPOKEN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("幺三八,零零一三,八零零零", "13800138000"),
        ("一三八零零一三八零零零", "13800138000"),
        ("我电话是幺三九后面是两个六,三个八,一二三", "13966888123"),
        ("一三九四个一,五六七八", "13911115678"),
        ("一三八双零一三八三个零", "13800138000"),
        ("零二零,八三八一四二八二", "02083814282"),
        ("020-83814282", "02083814282"),
        ("座机83814282", "02083814282"),
        ("八三八一四二八二,区号是零二零", "02083814282"),
        ("13800138000,不对,最后两位是67", "13800138067"),
        ("13800138000,不对,是13900138000", "13900138000"),
        ("一三八零零一三八零零零,不是一三八是一三九", "13900138000"),
        ("不是13800138000,是13900138000", "13900138000"),
        ("一七八……不对，是一五一，后面是零二三四，二八七九", "15102342879"),
        ("幺三八，中间四位九三零二，后四位九七八幺", "13893029781"),
        ("打我老婆的,幺八六,二二三三,四四五五", "18622334455"),
        ("我家在三楼十五号", None),
        ("打12345打不通", None),
        ("身份证440106199001011234", None),
        ("车陂路一百二十三号", None),
        ("拖欠了我两万三千块", None),
        ("", None),
    ],
)
def test_phone(text: str, number: str | None) -> None:
    assert phone(text) == number


def test_eight_digits_are_a_landline_only_where_a_number_was_asked_for() -> None:
    assert phone("83814282", expected=True) == "02083814282"
    assert phone("83814282") is None


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", " ", ",", "-"]))
def test_every_mobile_number_survives_being_spoken_in_groups(number: int, gap: str) -> None:
    digits = str(number)
    spoken = "".join(SPOKEN[d] for d in digits)
    assert phone(gap.join((spoken[:3], spoken[3:7], spoken[7:]))) == digits


@pytest.mark.parametrize(
    ("previous", "text", "number"),
    [
        ("13800138000", "138不是,是139后面一样", "13900138000"),
        ("13800138000", "唔系138,系139", "13900138000"),
        ("13800138000", "不是八零零零,是八零零一", "13800138001"),
        ("13800138000", "是139不是138", "13900138000"),
        ("13800138000", "打错了,是15000001111", "15000001111"),
        ("13800138000", "没有了", None),
    ],
)
def test_amend_phone(previous: str, text: str, number: str | None) -> None:
    assert amend_phone(previous, text) == number


def test_denied_phone() -> None:
    assert denied_phone("不是138,是139") == "138"
    assert denied_phone("13800138000,不对,13900138000") == "13800138000"
    assert denied_phone("13800138000") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("GZ20260102000123", "GZ20260102000123"),
        ("gz 20260102 000123 怎么样了", "GZ20260102000123"),
        ("二零二六零一零二零零零一二三", "GZ20260102000123"),
        ("单号是 000123", "000123"),
        ("我电话13800138000", None),
        ("", None),
    ],
)
def test_ticket_no(text: str, number: str | None) -> None:
    assert ticket_no(text) == number


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    phone(text)
    denied_phone(text)
    ticket_no(text)
    amend_phone("13800138000", text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("前面一三八,中间四个零,后面一二三四", "13800001234"),
        ("一三八开头,然后是七五六四,尾号九九零二", "13875649902"),
        ("一三三连着四个七再来四个二", "13377772222"),
        ("一八六,二十,二十,六七八九", "18620206789"),
        ("幺五九二零三二,等等,二零三三,八八一一", "15920338811"),
        ("一三八二二三三,不对,二二四四,五五六六", "13822445566"),
        ("一三九二八八,等一下啊,七七六六五", "13928877665"),
        ("要三八零零一三八零零零", "13800138000"),
        ("一三八零零一三八零零零,尾号八零零零", "13800138000"),
        ("幺三捌零零壹叁捌零零零", "13800138000"),
        ("我打过三次了,一次是十二号,一次是十五号", None),
        ("一共一百三十八个人,每人三千五", None),
    ],
)
def test_a_number_told_in_pieces(text: str, number: str | None) -> None:
    assert phone(text, expected=True) == number


@pytest.mark.parametrize(("said", "number"), [row for rows in CASES.values() for row in rows])
def test_a_number_nobody_asked_for(said: str, number: str) -> None:
    assert (phone(said) or "") == number


PAUSES = st.sampled_from([",", "\u2026\u2026", ",\u5443,", ",\u7136\u540e", ",\u55ef\u2026"])


@given(
    st.integers(13_000_000_000, 19_999_999_999).map(str),
    st.lists(PAUSES, min_size=10, max_size=10),
    st.sets(st.integers(1, 10), max_size=5),
)
def test_a_mobile_number_survives_any_pauses(digits: str, pauses: list[str], at: set[int]) -> None:
    said = "".join(
        (pauses[i - 1] if i in at else "") + SPOKEN[digit] for i, digit in enumerate(digits)
    )
    assert phone(said) == digits


@given(st.integers(13_000_000_000, 19_999_999_999), st.integers(0, 9999))
def test_the_last_four_put_right(number: int, last: int) -> None:
    ending = "".join(SPOKEN[d] for d in f"{last:04}")
    said = f"{number},\u4e0d\u5bf9,\u540e\u56db\u4f4d\u662f{ending}"
    assert phone(said) == f"{number}"[:-4] + f"{last:04}"


def test_a_flood_of_digits_is_read_in_bounded_time() -> None:
    assert phone("1,3," * 5000) is None
    assert phone("9" * 100_000) is None
