"""The outside voice, over its own protocol: well, refused, cut, silent."""

from collections.abc import AsyncIterator

import edge_tts.communicate
import numpy as np
import pytest

from bot.rules.errors import Unavailable
from tests.voice.edge_peer import Peer, encoded, peer
from tests.voice.speaking import say
from voice.audio import level, resample
from voice.tts import Mp3Stream, OutsideVoice

VOICE = "zh-CN-XiaoxiaoNeural"
TEXT = "您好,请问您要反映什么事?"


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Peer]:
    async with peer() as made:
        url = f"ws://127.0.0.1:{made.port}/edge/v1?TrustedClientToken=t"
        monkeypatch.setattr(edge_tts.communicate, "WSS_URL", url)
        yield made


async def spoken(first_seconds: float = 5.0, speed: float = 1.0) -> bytes:
    voice = OutsideVoice(first_seconds=first_seconds)
    return b"".join([piece async for piece in voice.speak(TEXT, VOICE, speed)])


async def test_a_sentence_arrives_whole(service: Peer) -> None:
    sound = Mp3Stream().decode(await spoken(), last=True)
    assert len(sound) == pytest.approx(len(say(TEXT)) + 1600, abs=2000)
    assert level(sound) == pytest.approx(level(say(TEXT)), abs=2)
    assert service.asked == [TEXT]


async def test_speed_is_told(service: Peer) -> None:
    await spoken(speed=0.85)
    assert service.rates == ["-15%"]


async def test_a_refusal_for_the_clock_is_tried_again(service: Peer) -> None:
    service.mood = "deny_once"
    assert await spoken()


@pytest.mark.parametrize("mood", ["deny", "no_audio", "cut", "silent"])
async def test_every_trouble_is_unavailable(service: Peer, mood: str) -> None:
    service.mood = mood
    with pytest.raises(Unavailable):
        await spoken(first_seconds=1.0)


async def test_nobody_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_tts.communicate, "WSS_URL", "ws://127.0.0.1:9/x?y=z")
    with pytest.raises(Unavailable):
        await spoken()


def test_sound_comes_with_the_first_piece() -> None:
    mp3 = encoded(resample(say(TEXT), 16_000, 24_000))
    stream = Mp3Stream()
    assert len(stream.decode(mp3[:1440])) > 400
    whole = Mp3Stream().decode(mp3, last=True)
    pieces = [Mp3Stream().decode(b"")]
    stream = Mp3Stream()
    pieces += [stream.decode(mp3[at : at + 100]) for at in range(0, len(mp3), 100)]
    pieces.append(stream.decode(b"", last=True))
    assert np.array_equal(np.concatenate(pieces), whole)
