"""A call's recording: both sides, in step, with the words where they were said."""

import asyncio
from pathlib import Path

import numpy as np

from bot.clock import now
from bot.recordings import RATE, Recordings
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.speaking import say
from tests.voice.test_call import Caller
from voice.audio import from_bytes, from_law
from voice.call import Call
from voice.phrases import phrases
from voice.recorder import Recorder
from voice.service import Service


async def hold(leg: Caller, recordings: Recordings, *words: str) -> Talk:
    talk = Talk()
    service = Service(talk, Words(words), Beep(0.5), now, record=recordings.begin)
    call = Call(leg, service)
    leg.watch(call)
    async with asyncio.timeout(60):
        await call.run()
    return talk


async def test_both_sides_are_kept_with_the_words_in_their_places(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path, b"key")
    leg = Caller([say("楼下半夜施工")])
    await hold(leg, recordings, "楼下半夜施工")
    kept = recordings.read("call")
    sides = from_bytes(from_law(kept.sound, "ulaw")).reshape(-1, 2)
    assert abs(kept.seconds - leg.now()) < 0.5
    said = np.flatnonzero(np.abs(sides[:, 0]) > 1000) / RATE
    ours = np.flatnonzero(np.abs(sides[:, 1]) > 1000) / RATE
    first, caller, answer = kept.words
    assert (first.speaker, caller.speaker, answer.speaker) == ("bot", "caller", "bot")
    assert first.text.startswith(phrases().says["recorded"])
    assert caller.text == "楼下半夜施工"
    assert abs(first.at - ours[0]) < 0.1
    assert caller.at <= said[0] <= caller.at + 0.6
    assert abs(caller.at + caller.seconds - said[-1]) < 0.3
    assert abs(answer.at + answer.seconds - ours[-1]) < 0.3


async def test_who_refuses_is_not_recorded_and_the_call_goes_on(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path, b"key")
    leg = Caller([say("不要录音"), say("楼下半夜施工")])
    talk = await hold(leg, recordings, "不要录音。", "楼下半夜施工")
    assert not recordings.has("call")
    assert [each.text for each in talk.heard] == ["楼下半夜施工"]


async def test_a_full_disk_costs_the_recording_not_the_call(tmp_path: Path) -> None:
    class Full:
        gone = False

        def sound(self, law: bytes) -> None:
            raise OSError(28, "no space left on device")

        def words(self, said: object) -> None: ...

        def close(self) -> None: ...

        def discard(self) -> None:
            self.gone = True

    sink = Full()
    recorder = Recorder(sink, 8000)
    for _ in range(300):
        recorder.hear(bytes(320))
        recorder.beat(bytes(320))
    recorder.close()
    assert sink.gone
