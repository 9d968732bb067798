"""An agent asks the police into the talk: the three hear each other."""

import asyncio
from pathlib import Path

import pytest

from bot.harness import free_port
from bot.settings import Settings
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import RATE, telephone
from tests.voice.speaking import say
from voice.audio import Samples, level, resample
from voice.echo import similarity

pytestmark = pytest.mark.telephone

AGENT = resample(say("您好我是坐席我请警察一起来听", "cmn+m7"), 16_000, RATE)
POLICE = resample(say("这里是一一零请问发生了什么事", "cmn+m3"), 16_000, RATE)
CALLER = resample(say("有人在我家门口打架你们快来", "cmn+f2"), 16_000, RATE)


def alike(heard: Samples, said: Samples) -> float:
    """How much of ``said`` is in ``heard``, 0..1, by the best of its half seconds: a line that
    loses packets spoils some of them."""
    size = RATE // 2
    parts = (said[start : start + size] for start in range(0, len(said) - size + 1, size // 2))
    return max(similarity(part, heard) for part in parts if level(part) > -40)


async def test_star_two_a_number_star_three(tmp_path: Path) -> None:
    nobody = Settings(data=tmp_path, voice_port=free_port(), audiosocket_port=free_port())
    async with (
        telephone("agent01", port := free_port(), answers=True) as agent,
        asterisk(nobody, agent=port) as made,
        telephone("110", made.carrier, answers=True) as police,
        telephone("13800138000") as caller,
    ):
        await caller.dial(made.line)
        await agent.happens("CALL_ESTABLISHED", 90)
        await asyncio.sleep(1.0)
        for key in "*2":
            agent.press(key)
            await asyncio.sleep(0.3)
        await asyncio.sleep(1.0)
        for key in "110":
            agent.press(key)
            await asyncio.sleep(0.3)
        await police.happens("CALL_ESTABLISHED")
        await asyncio.sleep(1.0)
        for key in "*3":
            agent.press(key)
            await asyncio.sleep(0.3)
        await asyncio.sleep(1.0)
        for phone, words in ((agent, AGENT), (police, POLICE), (caller, CALLER)):
            await phone.say(words)
            await asyncio.sleep(0.5)
        ears = {"agent": agent, "police": police, "caller": caller}
        mouths = {"agent": AGENT, "police": POLICE, "caller": CALLER}
        for ear, phone in ears.items():
            for mouth, words in mouths.items():
                assert ear == mouth or alike(phone.heard(), words) > 0.8, (ear, mouth)
