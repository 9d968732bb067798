"""The local voice in its process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from bot.rules.errors import Rejected, Unavailable
from tests.voice.speaking import say
from voice.audio import level
from voice.listening import utterances
from voice.local_voice import LocalVoice
from voice.local_voice_process import speak


@pytest.fixture
async def voice() -> AsyncIterator[LocalVoice]:
    made = LocalVoice()
    yield made
    await made.close()


async def test_it_speaks_at_the_level_of_a_phone(voice: LocalVoice) -> None:
    sound = await voice.speak("您好,这里是广州12345")
    assert len(utterances(sound)) == 1
    assert -26 < level(sound) < -18


async def test_slower_is_longer_and_cantonese_is_another_voice(voice: LocalVoice) -> None:
    text = "请问您要反映什么事"
    normal = await voice.speak(text)
    assert len(await voice.speak(text, speed=0.7)) > 1.25 * len(normal)
    cantonese = await voice.speak(text, "cantonese")
    assert abs(len(cantonese) - len(normal)) > 500


async def test_killed_it_comes_back(voice: LocalVoice) -> None:
    await voice.speak("一")
    process = voice._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert len(await voice.speak("二"))


async def test_given_up_half_way_the_next_is_not_the_rest_of_it(voice: LocalVoice) -> None:
    short = await voice.speak("一")
    for _ in range(3):
        with suppress(TimeoutError):
            async with asyncio.timeout(0.001):
                await voice.speak("我要投诉楼下的餐馆半夜还在营业" * 20)
        assert len(await voice.speak("一")) == pytest.approx(len(short), abs=500)


@pytest.mark.parametrize("text", ["", "   ", "。", "\0\0", "\n\n", "😀", "a\nb"])
async def test_what_cannot_be_spoken_is_silence(voice: LocalVoice, text: str) -> None:
    await voice.speak(text)
    assert len(await voice.speak("好"))


def test_a_voice_that_is_not_there() -> None:
    with pytest.raises((Rejected, Unavailable)):
        speak("好", "no-such-voice", 1.0)


def test_numbers_are_said_as_people_say_them() -> None:
    assert len(speak("12345", "cmn", 1.0)) > 0.8 * 2 * len(say("幺二三四五"))
