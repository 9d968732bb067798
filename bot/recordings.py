"""Recordings of calls, encrypted as they are written; read back as sound and words.

A file a call. It begins with the form's name; then come pieces: length (4 bytes, big-endian),
nonce (12 bytes), AES-256-GCM of a kind (``S`` sound, ``W`` a word's place) and its content. The
piece's number and the session are bound into each, so that none can be moved or left out in the
middle; what a crash cut off at the end is left out. Sound is G.711 mu-law, 8 kHz, the caller on
the left, the hotline on the right: 58 MB an hour.
"""

import hashlib
import json
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.rules.errors import NotFound, Unavailable

RATE = 8000
_FORM = b"12345 call 1\n"
_NONCE = 12
_MOST_BYTES = 2**20  # of a piece


@dataclass(frozen=True)
class Words:
    """What was said from ``at`` on, for ``seconds``: by ``caller``, ``bot`` or ``agent``."""

    speaker: str
    text: str
    at: float
    seconds: float


@dataclass(frozen=True)
class Recording:
    """``sound``: mu-law, left and right in turn."""

    sound: bytes
    words: tuple[Words, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.sound) / 2 / RATE

    def wav(self) -> bytes:
        """As browsers play it."""
        head = struct.pack("<HHIIHHH", 7, 2, RATE, 2 * RATE, 2, 8, 0)  # 7: mu-law
        body = b"WAVEfmt " + struct.pack("<I", len(head)) + head
        body += b"data" + struct.pack("<I", len(self.sound)) + self.sound
        return b"RIFF" + struct.pack("<I", len(body)) + body


class Writing:
    """A recording under way."""

    def __init__(self, path: Path, session: str, cipher: AESGCM) -> None:
        self._path, self._session, self._cipher = path, session, cipher
        self._number = 0
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = path.open("wb")
        path.chmod(0o600)
        self._file.write(_FORM)

    def sound(self, law: bytes) -> None:
        """More of the sound."""
        self._piece(b"S" + law)

    def words(self, said: Words) -> None:
        """What is said in it."""
        self._piece(b"W" + json.dumps(asdict(said), ensure_ascii=False).encode())

    def close(self) -> None:
        """It is complete."""
        self._file.close()

    def discard(self) -> None:
        """Nobody is to hear it."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _piece(self, content: bytes) -> None:
        nonce = token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, content, _bound(self._session, self._number))
        self._number += 1
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._file.flush()


class Recordings:
    """``folder`` holds them; ``secret`` is what the key comes from."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        key = HKDF(SHA256(), 32, salt=None, info=b"recordings of calls").derive(secret)
        self._cipher = AESGCM(key)

    def begin(self, session: str) -> Writing:
        """A new one. Raises OSError where it cannot be kept."""
        return Writing(self._path(session), session, self._cipher)

    def has(self, session: str) -> bool:
        """Whether there is one."""
        return self._path(session).is_file()

    def read(self, session: str) -> Recording:
        """Sound and words. NotFound; Unavailable for one that our key does not open."""
        try:
            data = self._path(session).read_bytes()
        except OSError:
            raise NotFound("no recording of this session") from None
        sound, words = bytearray(), []
        for content in self._pieces(data, session):
            if content[:1] == b"S":
                sound += content[1:]
            else:
                words.append(Words(**json.loads(content[1:])))
        return Recording(bytes(sound), tuple(words))

    def erase(self, sessions: Iterable[str]) -> None:
        """Delete those of ``sessions``, where there are any."""
        for session in sessions:
            self._path(session).unlink(missing_ok=True)

    def forget(self, days: int) -> int:
        """Delete those older than ``days``; how many there were."""
        oldest = time.time() - days * 86_400
        old = [path for path in self._folder.glob("*.call") if path.stat().st_mtime < oldest]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, session: str) -> Path:
        return self._folder / f"{hashlib.sha256(session.encode()).hexdigest()[:40]}.call"

    def _pieces(self, data: bytes, session: str) -> Iterator[bytes]:
        if not data.startswith(_FORM):
            raise Unavailable("the recording is of another form")
        at, number = len(_FORM), 0
        while at + 4 <= len(data):
            (length,) = struct.unpack_from(">I", data, at)
            sealed = data[at + 4 : at + 4 + length]
            if len(sealed) < length or length > _MOST_BYTES:
                return
            try:
                yield self._cipher.decrypt(
                    sealed[:_NONCE], sealed[_NONCE:], _bound(session, number)
                )
            except InvalidTag:
                raise Unavailable("the recording cannot be opened with our key") from None
            at, number = at + 4 + length, number + 1


def _bound(session: str, number: int) -> bytes:
    return f"{session} {number}".encode()
