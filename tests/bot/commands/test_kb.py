"""``./hotline kb``."""

from pathlib import Path

import pytest

from bot import cli
from knowledge_base import fitting, loading
from knowledge_base.vectors import Vectors
from tests.encoders import write_encoder


def test_the_products_own_entries_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kb", "check"]) == 0
    assert "good" in capsys.readouterr().out


def test_wrong_entries_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yml").write_text("theme: x\nentries:\n  - id: a\n", encoding="utf-8")
    assert cli.main(["kb", "check", str(tmp_path)]) == 1
    assert "bad.yml:3: question: is missing" in capsys.readouterr().err


def test_old_facts_are_listed_oldest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kb", "stale", "--on", "2026-11-22"]) == 0
    rows = capsys.readouterr().out.splitlines()
    dates = [row.split()[0] for row in rows]
    assert dates == sorted(dates)
    assert any("four-days" in row for row in rows)
    assert not any("hotline-hours" in row for row in rows)


def test_a_table_is_imported_published_searched_and_rolled_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "id,question,variants,answer,spoken,unit,area,document,place,as_of"
    row = "night,夜校怎么报名?,夜校,看公告。,看公告。,街道,广州市,zengcheng-2018,第一段,2026-01-01"
    table, folder = tmp_path / "t.csv", tmp_path / "entries"
    folder.mkdir()
    theme = (Path(__file__).parents[3] / "knowledge_base/entries/petition.yml").read_bytes()
    (folder / "petition.yml").write_bytes(theme)
    table.write_text(f"{header}\n{row}\n", encoding="utf-8")
    told = ["--who", "li", "--why", "new school", "--folder", str(folder)]
    assert cli.main(["kb", "import", str(table), "--out", str(tmp_path / "t.yml")]) == 0
    assert cli.main(["kb", "publish", str(tmp_path / "t.yml"), *told]) == 0
    assert cli.main(["kb", "search", "夜校报名", "--folder", str(folder)]) == 0
    assert cli.main(["kb", "rollback", "1", *told]) == 0
    assert cli.main(["kb", "history", "--folder", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "edition 1: night" in out
    assert "  night  夜校怎么报名?" in out
    assert "edition 2: as before edition 1" in out
    assert not (folder / "t.yml").exists()
    assert cli.main(["kb", "rollback", "9", *told]) == 1


def test_a_wrong_table_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("id,question\nx,y\n", encoding="utf-8")
    out = tmp_path / "t.yml"
    assert cli.main(["kb", "import", str(tmp_path / "t.csv"), "--out", str(out)]) == 1
    assert "t.csv:1: answer: stands over 0 columns" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("d.pdf", b"", "d.pdf:0: file: is no readable PDF"),
        ("d.docx", b"PK\x03\x04 torn", "d.docx:0: file: is no Word document"),
        ("d.xlsx", b"PK\x03\x04 torn", "d.xlsx:1: file: is no Excel workbook"),
        ("d.doc", b"old", "d.doc:0: file: is none of"),
    ],
)
def test_what_cannot_be_read_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    out = tmp_path / "out.yml"
    assert cli.main(["kb", "import", str(tmp_path / name), "--out", str(out)]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_document_becomes_candidates(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("问:夜校几点?\n答:七点。\n", encoding="utf-8")
    out = tmp_path / "d.yml"
    assert cli.main(["kb", "import", str(tmp_path / "d.txt"), "--out", str(out)]) == 0
    assert "place: line 1" in out.read_text(encoding="utf-8")


def test_a_folder_that_is_no_encoder_is_told_by_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_ENCODER", str(tmp_path / "none"))
    assert cli.main(["kb", "search", "x"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("HOTLINE_ENCODER: ")
    assert "name one that holds a sentence encoder" in err
    folder = write_encoder(tmp_path / "encoder", ["路灯"])
    (folder / "model.onnx").write_bytes(b"")
    monkeypatch.setenv("HOTLINE_ENCODER", str(folder))
    assert cli.main(["kb", "search", "x"]) == 1
    assert capsys.readouterr().err.startswith("kb: HOTLINE_ENCODER: ")


def test_there_is_nothing_to_calibrate_without_an_encoder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HOTLINE_ENCODER", raising=False)
    assert cli.main(["kb", "calibrate", "--encoder"]) == 1
    assert "HOTLINE_ENCODER names no folder" in capsys.readouterr().err


def test_what_was_calibrated_lies_beside_the_encoders_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fitted_with(
        vectors: Vectors, *_: object
    ) -> tuple[dict[str, float], dict[str, float], float]:
        return {"answered": 0.7, "share": 0.5}, {"near": 0.05}, 0.9

    monkeypatch.setattr(fitting, "fitted_with", fitted_with)
    monkeypatch.setenv("HOTLINE_ENCODER", str(write_encoder(tmp_path / "encoder", ["路灯"])))
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "data"))
    before = loading.search_tables()["confidence"]
    assert cli.main(["kb", "calibrate", "--encoder"]) == 0
    (path,) = (tmp_path / "data" / "encoder").glob("*/confidence.yml")
    assert str(path) in capsys.readouterr().out
    assert loading.search_tables(path)["confidence"]["share"] == 0.5
    assert loading.search_tables()["confidence"] == before, "the product's own stays"
