"""The cache, the outside voice, the local one: which speaks when."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import edge_tts.communicate
import numpy as np
import pytest

from bot.live import Live
from tests.voice.edge_peer import Peer, peer
from voice.audio import Samples
from voice.local_voice import LocalVoice
from voice.shared_sounds import SharedSounds
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.tts import OutsideVoice

FIXED = "您好,请问您要反映什么事?"
PRIVATE = "王先生,您住在车陂路18号。"


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Peer]:
    async with peer() as made:
        url = f"ws://127.0.0.1:{made.port}/edge/v1?TrustedClientToken=t"
        monkeypatch.setattr(edge_tts.communicate, "WSS_URL", url)
        yield made


class Counted(LocalVoice):
    """The true local voice, and what it was asked to say."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    async def speak(self, text: str, voice: str = "mandarin", speed: float = 1.0) -> Samples:
        self.asked.append(text)
        return await super().speak(text, voice, speed)


@pytest.fixture
async def local() -> AsyncIterator[Counted]:
    made = Counted()
    yield made
    await made.close()


@pytest.fixture
def speech(tmp_path: Path, local: Counted) -> Speech:
    return Speech(
        SoundCache(tmp_path),
        OutsideVoice(first_seconds=5),
        local,
        Voices("zh-CN-XiaoxiaoNeural", "zh-HK-HiuGaaiNeural"),
        lambda sentence: sentence != PRIVATE,
    )


async def said(speech: Speech, text: str, speed: float = 1.0) -> Samples:
    return np.concatenate([piece async for piece in speech.say(text, "mandarin", speed)])


async def test_the_second_time_comes_from_the_cache(service: Peer, speech: Speech) -> None:
    first = await said(speech, FIXED)
    assert np.array_equal(await said(speech, FIXED), first)
    assert len(service.asked) == 1
    await said(speech, FIXED, 0.85)
    assert len(service.asked) == 2


async def test_a_restart_finds_what_was_kept(
    service: Peer, speech: Speech, local: Counted, tmp_path: Path
) -> None:
    first = await said(speech, FIXED)
    service.mood = "deny"
    speech.cache = SoundCache(tmp_path)
    assert np.array_equal(await said(speech, FIXED), first)
    assert not local.asked


async def test_what_one_process_has_had_made_no_other_asks_for(
    service: Peer, speech: Speech, tmp_path: Path, live: Live
) -> None:
    speech.shared = SharedSounds(live)
    first = await said(speech, FIXED)
    speech.cache = SoundCache(tmp_path / "another machine")
    assert np.array_equal(await said(speech, FIXED), first)
    speech.cache = SoundCache(tmp_path / "a third")
    assert await speech.prepare([FIXED]) == 0
    assert speech.cache.has(speech.cache.key(FIXED, speech.voices.mandarin, 1.0))
    assert len(service.asked) == 1


async def test_what_must_not_leave_is_not_shared_either(
    service: Peer, speech: Speech, live: Live
) -> None:
    speech.shared = SharedSounds(live)
    await said(speech, PRIVATE)
    assert (
        await live.get(f"speech:{speech.cache.key(PRIVATE, speech.voices.mandarin, 1.0)}") is None
    )


@pytest.mark.parametrize("kept", ["no mp3 at all!", "AAAA", ""])
async def test_nonsense_in_the_store_is_as_nothing(
    service: Peer, speech: Speech, live: Live, kept: str
) -> None:
    speech.shared = SharedSounds(live)
    key = speech.cache.key(FIXED, speech.voices.mandarin, 1.0)
    await live.set(f"speech:{key}", kept, seconds=60)
    assert len(await said(speech, FIXED)) > 8000
    assert len(service.asked) == 1


async def test_what_is_kept_is_remembered_before_it_is_needed(
    service: Peer, speech: Speech, tmp_path: Path
) -> None:
    sound = await said(speech, FIXED)
    speech.cache = SoundCache(tmp_path)
    await speech.remember([FIXED, PRIVATE])
    [path] = tmp_path.glob("*.mp3")
    path.unlink()
    assert np.array_equal(await said(speech, FIXED), sound)
    assert len(service.asked) == 1


async def test_a_spoilt_file_is_made_anew(service: Peer, speech: Speech, tmp_path: Path) -> None:
    await said(speech, FIXED)
    [path] = tmp_path.glob("*.mp3")
    path.write_bytes(b"")
    speech.cache = SoundCache(tmp_path)
    assert len(await said(speech, FIXED)) > 16_000
    assert len(service.asked) == 2


async def test_names_and_addresses_do_not_leave(
    service: Peer, speech: Speech, local: Counted
) -> None:
    assert len(await said(speech, PRIVATE)) > 16_000
    assert not service.asked
    assert local.asked == [PRIVATE]
    assert not speech.degraded


@pytest.mark.parametrize("mood", ["deny", "cut", "silent", "no_audio", "garbage"])
async def test_trouble_is_the_local_voice_and_is_remembered(
    service: Peer, speech: Speech, local: Counted, mood: str, tmp_path: Path
) -> None:
    service.mood = mood
    assert len(await said(speech, FIXED)) > 16_000
    assert local.asked == [FIXED]
    assert speech.degraded
    asked = len(service.asked)
    await said(speech, "还有别的事吗?")
    assert len(service.asked) == asked  # nobody else waits for it
    assert not list(tmp_path.glob("*.mp3"))  # half a sentence is never kept


async def test_the_outside_voice_comes_back(service: Peer, speech: Speech) -> None:
    service.mood = "deny"
    await said(speech, FIXED)
    assert speech.degraded
    service.mood = ""
    speech._retry_at = 0.0
    assert await speech.prepare((FIXED,)) == 1
    assert not speech.degraded


async def test_fixed_sentences_are_made_ahead_and_private_ones_are_not(
    service: Peer, speech: Speech
) -> None:
    assert await speech.prepare((FIXED, PRIVATE)) == 1
    assert service.asked == [FIXED]
    assert await speech.prepare((FIXED, PRIVATE)) == 0


async def test_many_at_once_do_not_mix(service: Peer, speech: Speech) -> None:
    texts = [f"第{word}句话说的是别的事情。" for word in "一二三四五六"]
    alone = {text: len(await said(speech, text)) for text in texts}
    speech.cache._sounds.clear()
    together = await asyncio.gather(*(said(speech, text) for text in texts))
    assert [len(sound) for sound in together] == list(alone.values())
