"""An agent asks the police into the talk: the three hear each other."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from bot.harness import free_port
from bot.settings import Settings
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import RATE, Telephone, telephone
from tests.telephony.people import TRIES, says, told
from tests.voice.speaking import say
from voice.audio import resample

pytestmark = pytest.mark.telephone

AGENT = resample(say("您好我是坐席我请警察一起来听", "cmn+m7"), 16_000, RATE)
POLICE = resample(say("这里是一一零请问发生了什么事", "cmn+m3"), 16_000, RATE)
CALLER = resample(say("有人在我家门口打架你们快来", "cmn+f2"), 16_000, RATE)


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
        for _ in range(TRIES):  # a key that the line lost is pressed again
            await press(agent, "*2")
            await asyncio.sleep(1.0)  # the tone
            await press(agent, "110")
            with suppress(TimeoutError):
                await police.happens("CALL_ESTABLISHED", 15)
                break
        await asyncio.sleep(1.0)
        for _ in range(TRIES):
            await press(agent, "*3")
            await asyncio.sleep(1.0)
            if await says(agent, (police, caller), AGENT):
                break
        await told(agent, (police, caller), AGENT)
        await told(police, (agent, caller), POLICE)
        await told(caller, (agent, police), CALLER)


async def press(phone: Telephone, keys: str) -> None:
    for key in keys:
        phone.press(key)
        await asyncio.sleep(0.3)
