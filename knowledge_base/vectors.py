"""Vectors of texts, made once: kept in a file by what a text is and by the encoder that made it.

A file an encoder (``HOME/FINGERPRINT/vectors.db``), shared by all processes of the machine. It may
be lost or damaged: then the vectors are made again.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge_base.layout import Matrix

if TYPE_CHECKING:
    from knowledge_base.encoder import Encoder

AT_ONCE = 512  # texts that are encoded before they are kept
WAIT_SECONDS = 5.0  # for another process that writes
Progress = Callable[[int, int], None]  # how many are done, of how many
logger = logging.getLogger(__name__)


class Vectors:
    """The vectors of an encoder. Any thread may call it."""

    def __init__(self, encoder: "Encoder", home: Path) -> None:
        self.encoder = encoder
        self.home = home / encoder.fingerprint
        self.confidence = self.home / "confidence.yml"  # when to answer with this encoder
        self.question = lru_cache(maxsize=1_000)(encoder.question)

    def phrases(self, texts: Sequence[str], progress: Progress = lambda *_: None) -> Matrix:
        """The vectors of texts, a row each; only those that were never seen take time.

        Unavailable: the model failed.
        """
        keys = [sha256(text.encode()).digest()[:16] for text in texts]
        known = self._kept(set(keys))
        asked = dict(zip(keys, texts, strict=True))
        missing = [(key, text) for key, text in asked.items() if key not in known]
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            made = self.encoder.phrases([text for _, text in some])
            fresh = {key: row for (key, _), row in zip(some, made, strict=True)}
            self._keep(fresh)
            known |= fresh
            progress(start + len(some), len(missing))
        rows = [known[key] for key in keys]
        return np.stack(rows) if rows else np.zeros((0, self.encoder.size), dtype=np.float32)

    def _kept(self, wanted: set[bytes]) -> dict[bytes, Matrix]:
        """Those that the file holds."""
        size = self.encoder.size * 4
        try:
            with closing(self._open()) as file:
                if len(wanted) > AT_ONCE:
                    rows = file.execute("SELECT key, vector FROM vectors")
                else:
                    marks = ",".join("?" * len(wanted))
                    select = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608
                    rows = file.execute(select, list(wanted))
                return {
                    key: np.frombuffer(vector, dtype=np.float32)
                    for key, vector in rows
                    if key in wanted and len(vector) == size
                }
        except (sqlite3.Error, OSError) as error:
            self._begin_anew(error)
            return {}

    def _keep(self, fresh: dict[bytes, Matrix]) -> None:
        rows = [(key, row.tobytes()) for key, row in fresh.items()]
        try:
            with closing(self._open()) as file, file:
                file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        except (sqlite3.Error, OSError) as error:
            logger.warning("vectors are not kept: %s", error)

    def _open(self) -> sqlite3.Connection:
        self.home.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self.home / "vectors.db", timeout=WAIT_SECONDS)
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        return file

    def _begin_anew(self, error: sqlite3.Error | OSError) -> None:
        """A damaged file goes; one that is only busy, or out of reach, stays."""
        logger.warning("the kept vectors can't be read: %s", error)
        if not isinstance(error, (sqlite3.OperationalError, OSError)):
            (self.home / "vectors.db").unlink(missing_ok=True)


def read_vectors(folder: Path, home: Path) -> Vectors:
    """The vectors of the encoder in a folder, kept under ``home``. ValueError: what is wrong."""
    from knowledge_base.encoder import Encoder  # without one its libraries are not loaded

    return Vectors(Encoder(folder), home)


@cache
def opened(folder: Path | None, home: Path) -> Vectors | None:
    """The same, read once in a process; None without a folder."""
    return None if folder is None else read_vectors(folder, home)
