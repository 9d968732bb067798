"""Somebody of the desk on the line, over a WebSocket."""

import asyncio

from aiohttp import WSMsgType, web

from voice.people.talk import Talk

_MOST_QUEUED = 25  # frames, half a second; more means that the page does not read


async def on_the_line(talk: Talk, socket: web.WebSocketResponse, who: str, listens: bool) -> None:
    """Until the page goes, the talk is over, or they may no longer speak."""
    frames: asyncio.Queue[bytes | None] = asyncio.Queue()

    def outlet(frame: bytes | None) -> None:
        if frame is None or frames.qsize() < _MOST_QUEUED:
            frames.put_nowait(frame)

    async def send() -> None:
        while (frame := await frames.get()) is not None:
            try:
                await socket.send_bytes(frame)
            except (OSError, RuntimeError):
                return
        await socket.close()

    with talk.member(who, outlet, listens=listens):
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(send())
            async for message in socket:
                if message.type is WSMsgType.BINARY and len(message.data) % 2 == 0:
                    talk.hear(who, message.data)
            sending.cancel()
