"""What goes out, frame by frame."""

import numpy as np
import pytest

from voice.audio import Samples
from voice.player import KEPT_SECONDS, Player
from voice.signals import Played, SoundBegan

RATE = 16_000
FRAME = 640


class Line:
    """What went out, and what was told."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.posted: list[SoundBegan | Played] = []
        self.player = Player(RATE, self.posted.append)

    def passes(self, frames: int) -> list[bytes]:
        self.sent += [self.player.beat() for _ in range(frames)]
        return self.sent[-frames:]


@pytest.fixture
def line() -> Line:
    return Line()


def sound(value: int, frames: int) -> Samples:
    return np.full(frames * 320, value, np.int16)


def values(frames: list[bytes]) -> list[int]:
    return [int.from_bytes(frame[:2], "little") for frame in frames]


def test_frames_of_one_length_and_silence_when_idle(line: Line) -> None:
    frames = line.passes(3)
    assert frames == [bytes(FRAME)] * 3
    line.player.begin(1)
    line.player.feed(1, sound(5, 2)[:-10])
    line.player.finish(1)
    assert [len(frame) for frame in line.passes(4)] == [FRAME] * 4
    assert line.posted == [SoundBegan(1), Played(1)]


def test_utterances_in_their_order_whoever_is_made_first(line: Line) -> None:
    line.player.begin(1)
    line.player.begin(2)
    line.player.feed(2, sound(2, 1))
    line.player.finish(2)
    assert values(line.passes(2)) == [0, 0]
    line.player.feed(1, sound(1, 2))
    line.player.finish(1)
    assert values(line.passes(4)) == [1, 1, 2, 0]


def test_held_is_silent_at_once_and_goes_on_where_it_stopped(line: Line) -> None:
    line.player.begin(1)
    for value in range(1, 61):
        line.player.feed(1, sound(value, 1))
    line.player.finish(1)
    assert values(line.passes(30))[-1] == 30
    line.player.hold()
    assert not line.player.sounding
    assert values(line.passes(5)) == [0] * 5
    line.player.resume()
    again = values(line.passes(51))
    assert again[0] == 11  # 0.4 s before the place
    assert again[-2:] == [60, 0]
    assert line.posted[-1] == Played(1)


def test_dropped_is_never_heard_again(line: Line) -> None:
    line.player.begin(1)
    line.player.feed(1, sound(1, 10))
    line.passes(2)
    line.player.drop()
    line.player.feed(1, sound(1, 10))
    line.player.finish(1)
    assert values(line.passes(5)) == [0] * 5
    assert Played(1) not in line.posted


def test_a_gap_in_the_making_is_silence_not_the_end(line: Line) -> None:
    line.player.begin(1)
    line.player.feed(1, sound(1, 1))
    assert values(line.passes(3)) == [1, 0, 0]
    assert Played(1) not in line.posted
    line.player.feed(1, sound(2, 1))
    line.player.finish(1)
    assert values(line.passes(2)) == [2, 0]
    assert line.posted[-1] == Played(1)


def test_what_may_come_back_is_as_long_from_the_first_frame_on(line: Line) -> None:
    assert line.player.echo() is None
    line.player.begin(1)
    line.player.feed(1, sound(100, 2))
    line.passes(1)
    first = line.player.echo()
    line.passes(40)
    assert first is not None
    assert len(first) == round(KEPT_SECONDS * 50) * FRAME
    assert values([first[-FRAME:], first[:FRAME]]) == [100, 0]
    assert line.player.echo() is None
