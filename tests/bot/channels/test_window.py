"""A page is sent what it is told of, and what it was not told of is read."""

from typing import Any

from bot.channels.window import Window


class Socket:
    closed = False

    def __init__(self) -> None:
        self.sent: list[int] = []

    async def send_json(self, frame: dict[str, Any]) -> None:
        self.sent.append(frame["seq"])


class Transcript:
    """A session of five turns; ``read`` counts the looks."""

    read = 0

    async def since(self, session_id: str, after: int) -> list[dict[str, Any]]:
        self.read += 1
        return [{"seq": seq} for seq in range(after + 1, 6)]


def opened(after: int) -> tuple[Window, Socket, Transcript]:
    socket, transcript = Socket(), Transcript()
    return Window(socket, transcript, "s1", after), socket, transcript  # type: ignore[arg-type]


async def test_what_comes_next_is_sent_without_reading() -> None:
    window, socket, transcript = opened(2)
    await window.take([{"seq": 3}, {"seq": 4}])
    await window.catch_up(4)
    assert (socket.sent, transcript.read) == ([3, 4], 0)


async def test_what_is_there_already_is_not_sent_again() -> None:
    window, socket, _ = opened(4)
    await window.take([{"seq": 3}, {"seq": 4}])
    assert socket.sent == []


async def test_what_was_missed_before_is_read() -> None:
    window, socket, transcript = opened(2)
    await window.take([{"seq": 5}])
    assert socket.sent == []
    await window.catch_up(5)
    assert (socket.sent, transcript.read) == ([3, 4, 5], 1)
