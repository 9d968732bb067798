"""A folder of entries is taken as a whole or not at all."""

from pathlib import Path

import pytest

from knowledge_base.loading import Reader, load
from knowledge_base.located import Refused
from tests.knowledge_base.conftest import one, written


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def refused(folder: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        load(folder)
    return caught.value


def test_a_double_id_is_refused_and_both_places_are_named(folder: Path) -> None:
    put(folder, "a.yml", written(one("same", "问一?", "说法一")))
    put(folder, "b.yml", written(one("same", "问二?", "说法二")))
    (problem,) = refused(folder).problems
    assert (problem.file, problem.field) == ("b.yml", "id")
    assert "a.yml:10" in problem.message


def test_a_double_question_is_refused(folder: Path) -> None:
    put(folder, "a.yml", written(one("one", "问一?", "说法一"), one("two", "问一?", "说法二")))
    (problem,) = refused(folder).problems
    assert problem.field == "question"


def test_the_same_question_of_two_districts_is_taken(folder: Path) -> None:
    first = one("one", "路灯?", "说法一", area="番禺区")
    put(folder, "a.yml", written(first, one("two", "路灯?", "说法二", area="白云区")))
    assert [entry.area for entry in load(folder)] == ["番禺区", "白云区"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("entries: [1, 2", "yaml"),
        ("theme: a\n", "entries"),
        ("- 1\n- 2\n", "entries"),
        ("theme: a\nentries:\n  - 只有字\n", "entries"),
        ("theme: a\ntheme: b\nentries: []\n", "yaml"),
        ("theme: a\nsurprise: b\nentries: []\n", "surprise"),
    ],
)
def test_a_file_that_is_no_theme_is_refused(folder: Path, text: str, field: str) -> None:
    put(folder, "bad.yml", text)
    problem = refused(folder).problems[0]
    assert (problem.file, problem.field) == ("bad.yml", field)


def test_a_file_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "bad.yml").write_bytes("theme: 热线".encode("gbk"))
    assert refused(folder).problems[0].field == "file"


def test_an_empty_folder_is_refused(folder: Path) -> None:
    assert refused(folder).problems[0].field == "entries"


def test_yaml_cannot_make_objects(folder: Path) -> None:
    put(folder, "bad.yml", "theme: !!python/object/apply:os.system ['true']\nentries: []\n")
    assert refused(folder).problems[0].field == "yaml"


def test_only_changed_files_are_parsed_again(folder: Path) -> None:
    put(folder, "a.yml", written(one("one", "问一?", "说法一")))
    put(folder, "b.yml", written(one("two", "问二?", "说法二")))
    reader = Reader(folder)
    before = reader.load()
    put(folder, "b.yml", written(one("three", "问三问三?", "说法三")))
    after = reader.load()
    assert after[0] is before[0]
    assert after[1].id == "three"
