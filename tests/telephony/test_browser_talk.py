"""An agent in the desk's page speaks with a caller on the telephone, through a real Asterisk."""

import asyncio
from pathlib import Path

import pytest

from bot.recordings import Recordings
from bot.rules.session import Handler
from tests.telephony.answering import answering
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import RATE, telephone
from tests.telephony.people import ALIKE, alike
from tests.voice.people.test_relay import Office, until
from tests.voice.speaking import say
from voice.audio import FRAME_SECONDS, MODEL_RATE, frame_bytes, from_bytes, resample, to_bytes
from voice.people.talk import Talk

pytestmark = pytest.mark.telephone

AHEAD = 6  # frames
FRAME = frame_bytes(MODEL_RATE)
CALLER = resample(say("有人在我家门口打架你们快来", "cmn+f2"), 16_000, RATE)
AGENT = say("您好我是坐席请您慢慢说我都记下来", "cmn+m7")
TOLD = resample(AGENT, 16_000, RATE)


async def speak(talk: Talk, who: str, sound: bytes) -> None:
    """As a page does: in time, a little ahead."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number, place in enumerate(range(0, len(sound), FRAME)):
        await asyncio.sleep(max(0.0, begun + (number - AHEAD) * FRAME_SECONDS - loop.time()))
        talk.hear(who, sound[place : place + FRAME])


@pytest.mark.parametrize("media", ["audiosocket", "websocket"])
async def test_the_call_stays_and_both_hear_each_other(tmp_path: Path, media: str) -> None:
    office, kept = Office(), Recordings(tmp_path, b"key")
    async with answering(tmp_path, people=office, record=kept.begin) as voice:
        async with (
            asterisk(voice.settings, "--speak", "browser", "--media", media) as made,
            telephone("13800138000", made.carrier) as caller,
        ):
            await caller.dial(made.line)
            await caller.listens(0.3)
            await caller.say(CALLER)
            await until(lambda: voice.talk.heard)
            session = voice.talk.heard[0].session_id
            office.give(Handler.AGENT)
            talk = await voice.board.talk(session)
            heard = bytearray()
            with talk.member("li", lambda frame: heard.extend(frame or b""), listens=False):
                for _ in range(3):  # a line that loses packets: they say it again
                    await caller.say(CALLER)
                    await speak(talk, "li", to_bytes(AGENT) + bytes(60 * FRAME))
                    await until(lambda: office.said)
                    page = resample(from_bytes(bytes(heard)), MODEL_RATE, RATE)
                    shares = alike(page, CALLER), alike(caller.heard(), TOLD)
                    if min(shares) > ALIKE:
                        break
            assert min(shares) > ALIKE
            assert not any('Queue("' in line for line in made.log)
            caller.hang_up()
            await until(lambda: voice.talk.gone == [session])
    recording = kept.read(session)
    assert {said.speaker for said in recording.words} == {"caller", "bot", "agent"}
