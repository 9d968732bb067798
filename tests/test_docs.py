"""What the documents say is true: commands exist, links lead somewhere, the tree is the tree."""

import re
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.settings import ROOT

DOCUMENTS = ["README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
FOLDERS = {"bot", "nlu", "actions", "voice", "knowledge_base", "docker", "tests"}
INNER = {"actions", "gateway", "voice", "worker"}  # what `up` starts; not for a newcomer


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> set[str]:
    parser = build_parser()
    actions = parser._subparsers._group_actions if parser._subparsers else []
    return {name for action in actions for name in action.choices or ()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_in_a_document_exists(name: str) -> None:
    told = set(re.findall(r"\./hotline ([a-z]+)", text(name)))
    assert told <= commands(), told - commands()


def test_the_readme_tells_of_every_command() -> None:
    told = set(re.findall(r"\./hotline ([a-z]+)", text("README.md")))
    assert commands() - INNER <= told, commands() - INNER - told


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_to_a_file_leads_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(name)):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_exists(name: str) -> None:
    for path in re.findall(
        r"`((?:bot|nlu|actions|voice|knowledge_base|tests)/[\w/.]+)`", text(name)
    ):
        assert (ROOT / path).exists(), path


def test_the_top_folders_are_the_seven() -> None:
    found = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")}
    assert found - {"build", "node_modules", "artefacts"} <= FOLDERS


def test_no_lock_holds_an_address() -> None:
    for lock in ROOT.glob("**/requirements*.lock"):
        if ".venv" not in lock.parts:
            assert "://" not in lock.read_text(encoding="utf-8"), lock


def test_sentences_for_people_stand_in_data() -> None:
    sentence = re.compile("(?<![rf])[“\"'][^\"'”\n]*[一-鿿]{4,}[,。?!:][^\"'”\n]*[\"'”]")
    for path in [p for folder in FOLDERS - {"tests"} for p in (ROOT / folder).rglob("*.py")]:
        if ".venv" in path.parts or "miniprogram" in path.parts:
            continue
        code = re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8"))
        code = "\n".join(line.split("  # ")[0] for line in code.splitlines())
        assert not sentence.search(code), f"{path}: {sentence.search(code)}"


def test_the_chinese_readme_stands_beside() -> None:
    assert Path(ROOT / "README.zh.md").read_text(encoding="utf-8").count("\n") > 30
