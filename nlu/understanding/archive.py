"""The understander out of a trained Rasa model, without Rasa."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from nlu.understanding.opinion import Opinion
from nlu.understanding.understander import Understander

_MARK = "vocabulary.json"


def load_understander(model: Path, opinion: Opinion | None = None) -> Understander:
    """The understander inside the Rasa model ``model`` (a .tar.gz), with a second opinion if any.

    Raises FileNotFoundError if there is no such file, ValueError if it holds no understander.
    """
    with tarfile.open(model) as archive, tempfile.TemporaryDirectory() as scratch:
        members = archive.getmembers()
        home = next((m.name.rpartition("/")[0] for m in members if m.name.endswith(_MARK)), None)
        if home is None:
            raise ValueError(f"{model} holds no understanding component")
        for member in members:
            if member.isfile() and member.name.rpartition("/")[0] == home:
                content = archive.extractfile(member)
                if content is not None:
                    Path(scratch, Path(member.name).name).write_bytes(content.read())
        return Understander.load(Path(scratch), opinion)
