"""Several lines looked at together hear what each hears alone."""

import asyncio

import numpy as np

from tests.voice.speaking import noise, say
from voice.audio import Samples, resample, to_bytes
from voice.ear import Ear
from voice.ears import Ears
from voice.segments import Heard, VoiceStopped

TEXTS = ("楼下半夜施工", "是", "我要投诉路灯坏了")


def line(text: str, rate: int) -> bytes:
    said = resample(say(text), 16_000, rate)
    before, after = np.zeros(rate // 2, np.int16), noise(2, 40)[: 2 * rate]
    return to_bytes(np.concatenate([before, said, after]))


def alone(sound: bytes, rate: int) -> list[Heard]:
    return Ear(rate, lambda: None).hear(sound)


async def together(sounds: list[tuple[bytes, int]], size: int) -> list[list[Heard]]:
    ears, found = Ears(), [list[Heard]() for _ in sounds]
    own = [Ear(rate, lambda: None) for _, rate in sounds]
    for at in range(0, max(len(sound) for sound, _ in sounds), size):
        for ear, (sound, _), heard in zip(own, sounds, found, strict=True):
            ears.hear(ear, sound[at : at + size], heard.append)
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        while any(ear.full for ear in own):
            await asyncio.sleep(0.01)
    return found


def utterances(heard: list[Heard]) -> list[Samples]:
    return [event.samples for event in heard if isinstance(event, VoiceStopped)]


async def test_the_same_is_heard_together_as_alone() -> None:
    sounds = [
        (line(text, rate), rate) for text, rate in zip(TEXTS, (8000, 16_000, 8000), strict=True)
    ]
    found = await together(sounds, 480)
    for (sound, rate), heard in zip(sounds, found, strict=True):
        own = alone(sound, rate)
        assert [type(event) for event in heard] == [type(event) for event in own]
        [mine], [theirs] = utterances(own), utterances(heard)
        assert np.array_equal(mine, theirs)


async def test_a_line_that_hurries_lets_the_others_have_their_turn() -> None:
    sound, ears, turns = line(TEXTS[0], 8000), Ears(), 0
    ear, heard = Ear(8000, lambda: None), list[Heard]()
    ears.hear(ear, sound, heard.append)
    async with asyncio.timeout(30):
        while ear.full:
            turns += 1
            await asyncio.sleep(0)
    assert turns > len(sound) // 512  # one for each step


async def test_a_flood_is_bounded() -> None:
    ear = Ear(8000, lambda: None)
    for _ in range(100):
        ear.gather(bytes(64_000))
    assert len(ear._gathered) <= 60 * 16_000


async def test_a_line_that_hurries_is_looked_at_to_its_end() -> None:
    sound = line(TEXTS[0], 8000)
    [heard] = await together([(sound, 8000)], len(sound))
    assert len(utterances(heard)) == 1
