"""Which characters the model can write, and the words and clauses they are met in.

All of GB 2312 (the commonest 3,755 are its first level) and what ``characters.yml`` adds. Only
the first level and the ones listed there are taught; the others can be written, no more.
"""

import importlib.util
import re
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
SPOKEN = re.compile(rf"[{LETTERS}\u3400-\u9fff\U00020000-\U0002ffff]")
CLAUSE = re.compile(r"[\u4e00-\u9fff]{2,26}")
# Folders whose Chinese is the product's own material.
MATERIAL = ("knowledge_base", "nlu/data", "nlu/lexicon", "bot/dialogue", "tests/scenarios")


def standard(first_row: int, last_row: int) -> list[str]:
    """The characters of these rows of GB 2312."""
    found = []
    for row in range(first_row, last_row + 1):
        for column in range(1, 95):
            try:
                found.append(bytes((row + 160, column + 160)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def level_one() -> list[str]:
    """The commonest: 3,755."""
    return standard(16, 55)


def level_two() -> list[str]:
    """The rarer: 3,008."""
    return standard(56, 87)


def beyond(part: str) -> list[str]:
    """The characters of ``characters.yml``: ``taught`` or merely ``written`` ones."""
    content = yaml.safe_load((Path(__file__).parent / "characters.yml").read_text("utf-8"))
    return HAN.findall(content[part])


@cache
def taught() -> frozenset[str]:
    """The characters that random words may be made of: simplified Mandarin."""
    return frozenset([*level_one(), *beyond("taught")])


@cache
def alphabet() -> tuple[str, ...]:
    """Everything the model can write, in a fixed order."""
    listed = [*beyond("taught"), *beyond("written")]
    return tuple(dict.fromkeys([*LETTERS, *level_one(), *level_two(), *listed]))


def material() -> list[Path]:
    """The product's own Chinese data files."""
    files = []
    for folder in MATERIAL:
        for kind in ("*.yml", "*.yaml", "*.txt"):
            files += [
                path
                for path in (ROOT / folder).rglob(kind)
                if not {".venv", "node_modules"} & set(path.parts)
            ]
    return sorted(files)


@cache
def product_clauses() -> tuple[str, ...]:
    """Runs of 2 to 26 Chinese characters in the product's data, each once."""
    found: dict[str, None] = {}
    for path in material():
        for clause in CLAUSE.findall(path.read_text(encoding="utf-8")):
            if taught().issuperset(clause):
                found[clause] = None
    return tuple(sorted(found))


@cache
def dictionary() -> dict[str, int]:
    """The words of jieba's dictionary that the alphabet can write, with their counts."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise RuntimeError("jieba is not installed: its dictionary gives the free text")
    words = {}
    for line in (Path(spec.origin).parent / "dict.txt").read_text("utf-8").splitlines():
        word, count, *_ = line.split()
        if len(word) <= 6 and int(count) >= 5 and taught().issuperset(word):
            words[word] = int(count)
    return words
