"""Entries from spreadsheets and CSV files."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from knowledge_base.located import Refused
from knowledge_base.tables import read_table
from tests.knowledge_base.conftest import damaged

HEADER = ["编号", "标准问题", "相似问法", "答案", "口语答案", "责任单位", "适用地区"]
HEADER += ["来源文件", "出处位置", "事实截至日期", "电话"]
ROW = ["night-school", "夜校怎么报名?", "夜校|市民夜校", "请看公告。", "请看公告。", "试验单位"]
ROW += ["广州市", "zengcheng-2018", "第一段", "2026-01-01", "12345"]


def sheet(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def told(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_table(path, "试验")
    return str(refused.value)


def test_a_workbook_becomes_entries(tmp_path: Path) -> None:
    row: list[object] = [*ROW]
    row[9], row[10] = date(2026, 1, 1), 12345.0
    (entry,) = read_table(sheet(tmp_path / "a.xlsx", [*HEADER], row, []), "试验")
    assert entry["variants"] == ["夜校", "市民夜校"]
    assert entry["source"] == [{"document": "zengcheng-2018", "place": "第一段"}]
    assert (entry["as_of"], entry["phone"]) == ("2026-01-01", ["12345"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADER) + "\n" + ",".join(ROW) + "\n", encoding=encoding)
    assert read_table(path, "试验")[0]["question"] == "夜校怎么报名?"


def test_shifted_cells_are_refused_by_row_and_field(tmp_path: Path) -> None:
    shifted = [ROW[0], "", *ROW[1:-1]]
    message = told(sheet(tmp_path / "a.xlsx", [*HEADER], [*ROW], [*shifted]))
    assert "a.xlsx:3: question: is missing" in message
    assert "a.xlsx:3: as_of: '第一段' is no date" in message
    assert "a.xlsx:2" not in message


def test_a_row_longer_than_the_header_is_refused(tmp_path: Path) -> None:
    message = told(sheet(tmp_path / "a.xlsx", [*HEADER], [*ROW, "over"]))
    assert "a.xlsx:2: row: has 12 cells under 11 headers" in message


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ([*HEADER[:-1], "随便"], "随便: column 11 is no known header"),
        (HEADER[:3] + HEADER[4:], "answer: stands over 0 columns"),
        ([*HEADER, "answer"], "answer: stands over 2 columns"),
    ],
)
def test_wrong_headers_are_named(tmp_path: Path, header: list[str], said: str) -> None:
    assert said in told(sheet(tmp_path / "a.xlsx", [*header], [*ROW]))


def test_one_wrong_row_imports_nothing(tmp_path: Path) -> None:
    wrong = [*ROW]
    wrong[0], wrong[3] = "other", "<script>alert(1)</script>"
    assert "a.xlsx:3: answer: holds HTML or a script" in told(
        sheet(tmp_path / "a.xlsx", [*HEADER], [*ROW], wrong)
    )


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (1, "夜校在哪里?", "a.xlsx:3: id: stands already in a.xlsx:2"),
        (0, "other", "a.xlsx:3: question: 夜校怎么报名? stands already in a.xlsx:2 (night-school)"),
        (8, "", "a.xlsx:3: source: names no place"),
        (9, "2026-02-30", "a.xlsx:3: as_of: '2026-02-30' is no date"),
        (9, "", "a.xlsx:3: as_of: is missing"),
    ],
)
def test_a_wrong_cell_is_refused_by_row_and_field(
    tmp_path: Path, place: int, text: str, said: str
) -> None:
    wrong = [*ROW]
    wrong[place] = text
    assert said in told(sheet(tmp_path / "a.xlsx", [*HEADER], [*ROW], wrong))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [None, b"<torn"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str, content: bytes | None) -> None:
    path = sheet(tmp_path / "whole.xlsx", [*HEADER], [*ROW])
    damaged(path, tmp_path / "a.xlsx", part, content)
    assert told(tmp_path / "a.xlsx").startswith("a.xlsx:1: file: is no Excel workbook")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x01garbage", b"PK\x03\x04 torn"])
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert told(tmp_path / name).startswith(f"{name}:1:")


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    assert "there are no rows" in told(sheet(tmp_path / "a.xlsx", [*HEADER]))
