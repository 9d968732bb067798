"""YAML that remembers its lines, so that a problem can name file, line and field."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.rules.errors import Rejected

LINES = "__lines__"  # key of a mapping under which the lines of its keys are kept


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the data, and where."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class Refused(Rejected):
    """Data that breaks the rules of the knowledge base; nothing of it was taken."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "\n".join(str(problem) for problem in problems),
            code="knowledge",
            field=problems[0].field if problems else None,
        )
        self.problems = tuple(problems)


class _Loader(yaml.CSafeLoader):
    """Keeps every scalar that looks like a date as text: dates are checked field by field."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    lines: dict[Any, int] = {"": node.start_mark.line + 1}
    value: dict[Any, Any] = {LINES: lines}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in value:
            where = key_node.start_mark
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", where)
        value[key] = loader.construct_object(value_node, deep=True)
        lines[key] = key_node.start_mark.line + 1
    return value


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> Any:
    """The file's content; every mapping carries the lines of its keys under ``LINES``.

    Raises ``Refused`` for a file that is not UTF-8 or not YAML.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise Refused([Problem(path.name, 1, "file", f"is not UTF-8: {error.reason}")]) from error


def parse(text: str, file: str) -> Any:
    """The content of a file's text, as ``read`` gives it."""
    try:
        # The loader is a safe one: it builds plain values only.
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise Refused([Problem(file, line, "yaml", str(error.problem))]) from error
    except yaml.YAMLError as error:
        raise Refused([Problem(file, 1, "yaml", str(error))]) from error


def plain(value: Any) -> Any:
    """The same content without the lines."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != LINES}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
