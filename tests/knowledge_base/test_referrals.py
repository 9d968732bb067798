from pathlib import Path

import pytest

from knowledge_base.referrals import read, referrals


def test_every_door_says_who_and_where() -> None:
    for row in referrals().values():
        assert all((row.says, row.basis, row.body)), row.id
        assert "不予受理" not in row.says
        if row.numbers and row.verified:
            assert row.numbers[0] in row.says, row.id
        if row.transfer == "instant":
            assert row.numbers


@pytest.mark.parametrize(
    "wanted", ["police", "fire", "medical", "court", "discipline", "psychology"]
)
def test_the_doors_of_danger_and_law_are_there(wanted: str) -> None:
    assert wanted in referrals()


def test_a_row_that_lacks_a_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "referrals.yml"
    path.write_text("referrals:\n  - id: police\n", encoding="utf-8")
    with pytest.raises(ValueError, match="row 1: lacks body"):
        read(path)
