"""Asterisk's manager interface (AMI), for the one order that we give: call this number.

Text over TCP: blocks of ``Name: value`` lines, each block ended by an empty line.
"""

import asyncio
from collections.abc import Mapping

from bot.rules.errors import Rejected, Unavailable

RING_SECONDS = 30.0
_SPARE_SECONDS = 10.0
_MOST_DIGITS = 20


class Manager:
    """``address``: host and port of Asterisk's manager; ``secret``: ours there."""

    def __init__(
        self, address: str, secret: str, name: str = "hotline", ring_seconds: float = RING_SECONDS
    ) -> None:
        self._ring_seconds = ring_seconds
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._login = {"Action": "Login", "Username": name, "Secret": secret, "Events": "call"}

    async def call(self, number: str, call_id: str) -> bool:
        """Call ``number``; its sound comes in as the announced ``call_id``. Whether it answered.

        Raises `Rejected` for what is no number, `Unavailable` when Asterisk does not obey.
        """
        if not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
            raise Rejected("phone: digits only", code="phone_malformed", field="phone")
        try:
            async with asyncio.timeout(self._ring_seconds + _SPARE_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                try:
                    return await self._ring(reader, writer, number, call_id)
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            raise Unavailable(f"Asterisk's manager: {type(error).__name__}") from error

    async def _ring(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        number: str,
        call_id: str,
    ) -> bool:
        await reader.readline()  # its name and version
        writer.write(_block(self._login))
        answer = await _read(reader)
        if answer.get("Response") != "Success":
            raise Unavailable("Asterisk's manager does not know us")
        writer.write(
            _block(
                {
                    "Action": "Originate",
                    "ActionID": call_id,
                    "Channel": f"PJSIP/{number}@trunk",
                    "Context": "outgoing",
                    "Exten": "s",
                    "Priority": "1",
                    "Timeout": str(int(self._ring_seconds * 1000)),
                    "CallerID": "12345",
                    "Variable": f"CALLUUID={call_id}",
                    "Async": "true",
                }
            )
        )
        while True:
            told = await _read(reader)
            if told.get("ActionID") != call_id:
                continue
            if told.get("Event") == "OriginateResponse":
                return told.get("Response") == "Success"
            if told.get("Response") == "Error":
                raise Unavailable("Asterisk's manager does not let us call")


def _block(fields: Mapping[str, str]) -> bytes:
    return ("".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n").encode()


async def _read(reader: asyncio.StreamReader) -> dict[str, str]:
    """The next block."""
    block = await reader.readuntil(b"\r\n\r\n")
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}
