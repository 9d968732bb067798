"""Rasa without TensorFlow, where no component of the model needs it.

Rasa imports TensorFlow with its policies whether or not any of them is used: most of a server's
start and a third of its memory. ``stand_in()`` puts empty modules in its place, whose names are
classes that can be subclassed and annotated with but not used. Call it before Rasa is imported,
and only in a process whose pipeline and policies do without TensorFlow.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")


class _Names(type):
    """Classes whose attributes are again such classes."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _Names(name, (Absent,), {})
        setattr(cls, name, found)
        return found


class Absent(metaclass=_Names):
    """What stands for a class or a decorator of TensorFlow."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """As a decorator: the thing decorated, or a decorator that returns it."""
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        if cls.__module__ == __name__:
            return lambda decorated: decorated
        raise RuntimeError(f"{cls.__name__} needs TensorFlow, which this process does without")


class _EmptyModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _Names(name, (Absent,), {})
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    """Answers for the packages that are left out."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in PACKAGES:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: every name is made when it is asked for."""


def stand_in() -> None:
    """Leave TensorFlow out of this process. RuntimeError if it is imported already."""
    if "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow is imported already")
    sys.meta_path.insert(0, _Finder())
