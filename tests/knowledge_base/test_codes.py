"""Item codes: one for every category the understanding and the orders know, and replaceable."""

from pathlib import Path

import pytest

from knowledge_base.codes import Codes, codes, read_codes
from knowledge_base.routing import load_catalogue


def test_every_category_of_an_order_has_a_code() -> None:
    assert [c for c in load_catalogue().categories if codes().of(c) is None] == []


def test_a_category_that_is_not_listed_goes_without() -> None:
    own = Codes("own", {"a/b": "0101"})
    assert own.of("a/b") == {"scheme": "own", "code": "0101"}
    assert own.of("a/c") is None
    assert own.of(None) is None


def test_a_standard_takes_the_place_of_our_own(tmp_path: Path) -> None:
    path = tmp_path / "codes.yml"
    path.write_text('scheme: GB/T 39666-2020\ncodes: {a/b: "010203"}\n', encoding="utf-8")
    assert read_codes(path).of("a/b") == {"scheme": "GB/T 39666-2020", "code": "010203"}


@pytest.mark.parametrize("text", ["[]", "scheme: own", 'codes: {a/b: "01", a/c: "01"}'])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "codes.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="code"):
        read_codes(path)
