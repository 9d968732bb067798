"""What people on telephones do: they judge by the ear, and say again what was not heard."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.telephony.baresip import RATE, Telephone
from voice.audio import Samples, level
from voice.echo import similarity

ALIKE = 0.8
TRIES = 4


def alike(heard: Samples, said: Samples) -> float:
    """How much of ``said`` is in ``heard``, 0..1, by the best of its half seconds: a line that
    loses packets spoils some of them."""
    size = RATE // 2
    parts = (said[start : start + size] for start in range(0, len(said) - size + 1, size // 2))
    return max(similarity(part, heard) for part in parts if level(part) > -40)


async def says(speaker: Telephone, ears: Sequence[Telephone], words: Samples) -> bool:
    """Say ``words``; whether each of ``ears`` has heard them."""
    await speaker.say(words)
    await asyncio.sleep(1.0)
    return min(alike(ear.heard(), words) for ear in ears) > ALIKE


async def told(speaker: Telephone, ears: Sequence[Telephone], words: Samples) -> None:
    """Say ``words`` until each of ``ears`` has heard them. Fails after `TRIES`."""
    for _ in range(TRIES):
        if await says(speaker, ears, words):
            return
    raise AssertionError([alike(ear.heard(), words) for ear in ears])


async def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for it."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)


async def press_until(phone: Telephone, keys: str, true: Callable[[], bool]) -> None:
    """Press ``keys`` one after the other, and all again while nothing comes of them."""
    for _ in range(TRIES):
        for key in keys:
            phone.press(key)
            await asyncio.sleep(0.3)
        with suppress(TimeoutError):
            await until(true, 10.0)
            return
    raise AssertionError(f"{keys} was pressed {TRIES} times for nothing")
