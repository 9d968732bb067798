"""What the editors' requests share: the knowledge base of this process and its editions."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Protocol

from aiohttp import web

from bot.console.parts import SEAT
from bot.console.roles import Deed, allow
from bot.rules.errors import NotFound
from knowledge_base.editions import Editions
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.regression import Regression
from knowledge_base.vectors import Vectors


class Sound(Protocol):
    """A sentence as audio."""

    @property
    def mime(self) -> str: ...

    @property
    def data(self) -> bytes: ...


Speak = Callable[[str], Awaitable[Sound]]


class Editing:
    """The base of this process and its editions, opened when they are first asked for."""

    def __init__(self, folder: Path, speak: Speak | None, vectors: Vectors | None = None) -> None:
        self.folder = folder
        self.vectors = vectors
        self.speak = speak
        self._opening = Lock()

    @cached_property
    def _base(self) -> KnowledgeBase:
        return KnowledgeBase(self.folder, self.vectors)

    def base(self) -> KnowledgeBase:
        """The base that searches exactly as callers are searched for."""
        with self._opening:
            return self._base

    def editions(self, on: date) -> Editions:
        """The editions, with the gate of that day."""
        with self._opening:
            return Editions(self.folder, self._regression.gate(on))

    @cached_property
    def _regression(self) -> Regression:
        return Regression(folder=self.folder, vectors=self.vectors)

    def text(self, file: str) -> str:
        """A theme file's text. NotFound: there is none of that name."""
        path = self.folder / Path(file).name
        if path.suffix != ".yml" or not path.is_file():
            raise NotFound(f"there is no theme file {file}")
        return path.read_text(encoding="utf-8")


EDITING = web.AppKey("editing", Editing)


def editing_of(request: web.Request) -> Editing:
    """The base, for one who may edit it. Rejected: another role."""
    allow(request[SEAT].role, Deed.EDIT_KNOWLEDGE)
    return request.app[EDITING]
