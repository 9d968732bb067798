"""Only what is known beforehand may leave for the outside voice."""

from pathlib import Path

import pytest

from voice.phrases import phrases
from voice.script import Script
from voice.sentences import cut

SCRIPT = Script.load(phrases())


def test_the_openings_and_questions_of_the_dialogue_are_in_it() -> None:
    assert len(SCRIPT.fixed) > 40
    for text in SCRIPT.fixed:
        assert all(SCRIPT.is_fixed(piece) for piece in cut(text))


@pytest.mark.parametrize(
    "text", ["王先生,您住在车陂路18号,对吗?", "工单号是20261122000001。", "", "您好,13800138000"]
)
def test_what_a_caller_said_is_not(text: str) -> None:
    assert not SCRIPT.is_fixed(text)
    assert not any("{" in sentence for sentence in SCRIPT.sentences)


def test_files_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert set(Script.load(phrases(), tmp_path).fixed) == set(phrases().says.values())
