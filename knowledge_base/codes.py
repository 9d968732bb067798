"""The item code of a category, from ``codes.yml``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

PATH = Path(__file__).with_name("codes.yml")


@dataclass(frozen=True)
class Codes:
    """Codes by category, and the name of the scheme they belong to."""

    scheme: str
    codes: dict[str, str]

    def of(self, category: str | None) -> dict[str, str] | None:
        """``{"scheme", "code"}`` of a category; None for one that has no code."""
        code = self.codes.get(category or "")
        return {"scheme": self.scheme, "code": code} if code else None


def read_codes(path: Path = PATH) -> Codes:
    """The codes of a file. Raises ValueError for a file that is none, or that uses a code twice."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(table, dict) or not isinstance(table.get("codes"), dict):
        raise ValueError(f"{path.name}: codes must be a table of categories and codes")
    codes = {str(category): str(code) for category, code in table["codes"].items()}
    if len(set(codes.values())) < len(codes):
        raise ValueError(f"{path.name}: a code stands for two categories")
    return Codes(str(table.get("scheme", "own")), codes)


@cache
def codes() -> Codes:
    """The codes of this deployment, read once in a process."""
    return read_codes()
