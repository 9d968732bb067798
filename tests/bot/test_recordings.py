"""Recordings: sealed on disk, read back whole, nothing of them in clear."""

import os
import struct
import time
from pathlib import Path

import pytest

from bot.recordings import RATE, Recordings, Words
from bot.rules.errors import NotFound, Unavailable

SESSION = "0b5f7c1e-call"
SAID = Words("caller", "楼下半夜施工", 1.0, 2.5)
SOUND = bytes(range(256)) * 100


def made(folder: Path, secret: bytes = b"s") -> Recordings:
    recordings = Recordings(folder, secret)
    writing = recordings.begin(SESSION)
    writing.sound(SOUND)
    writing.words(SAID)
    writing.sound(SOUND)
    writing.close()
    return recordings


def test_what_was_written_is_read_and_played(tmp_path: Path) -> None:
    recording = made(tmp_path).read(SESSION)
    assert recording.sound == SOUND * 2
    assert recording.words == (SAID,)
    assert recording.seconds == len(SOUND) / RATE
    wav = recording.wav()
    assert (wav[:4], wav[8:16]) == (b"RIFF", b"WAVEfmt ")
    form, channels, rate = struct.unpack_from("<HHI", wav, 20)
    assert (form, channels, rate) == (7, 2, RATE)
    assert wav.endswith(SOUND)


def test_nothing_is_in_clear_and_only_we_may_read_the_file(tmp_path: Path) -> None:
    made(tmp_path)
    [path] = tmp_path.iterdir()
    data = path.read_bytes()
    assert SOUND[:32] not in data
    assert SAID.text.encode() not in data
    assert SESSION not in path.name
    assert path.stat().st_mode & 0o077 == 0


def test_another_key_another_session_a_changed_byte_do_not_open_it(tmp_path: Path) -> None:
    recordings = made(tmp_path)
    with pytest.raises(Unavailable):
        Recordings(tmp_path, b"other").read(SESSION)
    with pytest.raises(NotFound):
        recordings.read("another")
    [path] = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(Unavailable):
        recordings.read(SESSION)


@pytest.mark.parametrize("cut", [1, 3, 20, 5000])
def test_what_a_crash_cut_off_is_left_out(tmp_path: Path, cut: int) -> None:
    recordings = made(tmp_path)
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-cut])
    assert recordings.read(SESSION).sound == SOUND


def test_pieces_cannot_change_places(tmp_path: Path) -> None:
    recordings = made(tmp_path)
    [path] = tmp_path.iterdir()
    data = path.read_bytes()
    head = data.index(b"\n") + 1
    pieces, at = [], head
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        pieces.append(data[at : at + 4 + length])
        at += 4 + length
    path.write_bytes(data[:head] + pieces[2] + pieces[1] + pieces[0])
    with pytest.raises(Unavailable):
        recordings.read(SESSION)


def test_discarded_and_old_ones_are_gone(tmp_path: Path) -> None:
    recordings = made(tmp_path)
    recordings.begin("other").discard()
    assert not recordings.has("other")
    assert recordings.forget(90) == 0
    [path] = tmp_path.iterdir()
    old = time.time() - 91 * 86_400
    os.utime(path, (old, old))
    assert recordings.forget(90) == 1
    assert not recordings.has(SESSION)
