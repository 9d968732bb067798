"""Candidates from documents."""

from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from knowledge_base.documents import candidates
from knowledge_base.located import Refused
from tests.knowledge_base.conftest import damaged


def found(path: Path) -> list[tuple[str, str, str]]:
    return [(c.question, c.answer, c.place) for c in candidates(path)]


@pytest.mark.parametrize("colon", [":", "\uff1a"])
def test_text_with_questions_and_answers(tmp_path: Path, colon: str) -> None:
    path = tmp_path / "a.txt"
    said = f"问{colon}夜校几点开?\n答{colon}七点。\n周末不开。"
    path.write_text(f"通知\n{said}\n二、报名办法\n到街道。\n", "utf-8")
    assert found(path) == [
        ("夜校几点开?", "七点。\n周末不开。", "line 2"),
        ("报名办法", "到街道。", "line 5"),
    ]


def test_word_headings_are_questions(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("怎么报名", level=2)
    document.add_paragraph("到街道报名。")
    document.save(str(tmp_path / "a.docx"))
    assert found(tmp_path / "a.docx") == [("怎么报名", "到街道报名。", "paragraph 1")]


def test_a_page_without_its_scripts(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<head><title>x</title></head><h2>在哪里?</h2>\n<p>在<b>街道</b>。</p><script>no()</script>",
        "utf-8",
    )
    assert found(path) == [("在哪里?", "在街道。", "line 1")]


def test_a_pdf_names_page_and_line(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 700, "夜校几点开?")
    canvas.drawString(72, 680, "晚上七点。")
    canvas.save()
    ((question, answer, place),) = found(tmp_path / "a.pdf")
    assert (question.rstrip("?"), answer, place) == ("夜校几点开", "晚上七点。", "page 1, line 1")


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(Refused, match=r"scan\.pdf:0: file: holds no text"):
        candidates(tmp_path / "scan.pdf")


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt", "a.exe"])
def test_what_is_no_document_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Refused, match=name):
        candidates(tmp_path / name)


@pytest.mark.parametrize("part", ["[Content_Types].xml", "word/document.xml"])
@pytest.mark.parametrize("content", [None, b"<torn"])
def test_a_damaged_word_file_is_refused(tmp_path: Path, part: str, content: bytes | None) -> None:
    docx.Document().save(str(tmp_path / "whole.docx"))
    damaged(tmp_path / "whole.docx", tmp_path / "a.docx", part, content)
    with pytest.raises(Refused, match=r"a\.docx:0: file: is no Word document"):
        candidates(tmp_path / "a.docx")


def test_text_without_a_question_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今天天气很好。\n明天也好。\n", "utf-8")
    with pytest.raises(Refused, match="no question"):
        candidates(tmp_path / "a.txt")
