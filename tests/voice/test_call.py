"""Whole calls on a file leg: true ear, turns and player; fakes for words, voice and dialogue."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pytest

from bot.clock import now
from bot.rules.session import Next, Outcome, Reply, Status, Utterance
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.speaking import noise, say
from voice.audio import Samples, from_bytes, resample
from voice.call import Call
from voice.legs.file import FileLeg
from voice.legs.leg import Frame, Hear
from voice.metronome import Beat
from voice.phrases import phrases
from voice.service import Service, Synthesizer
from voice.signals import KeyPressed, Transcript
from voice.timing import TurnReport

RATE = 8000


class Caller(FileLeg):
    """Speaks at given seconds of the call, whoever's turn it is."""

    def __init__(self, said: Sequence[Samples], at: Sequence[float] = ()) -> None:
        super().__init__("call", [resample(sound, 16_000, RATE) for sound in said], rate=RATE)
        self.at = list(at)

    def speaks(self, quiet: float) -> bool:
        if not self.at:
            return super().speaks(quiet)
        if self.now() < self.at[0]:
            return False
        self.at.pop(0)
        return True


async def hold(
    leg: Caller, talk: Talk, words: Words | None = None, speech: Synthesizer | None = None
) -> tuple[Next, list[TurnReport]]:
    reports: list[TurnReport] = []
    call = Call(leg, Service(talk, words or Words(), speech or Beep(), now), reports.append)
    leg.watch(call)
    async with asyncio.timeout(60):
        return await call.run(), reports


def loud(leg: Caller) -> Samples:
    """Where our voice is in what the caller hears: a flag for each 20 ms."""
    return np.abs(from_bytes(bytes(leg.outgoing)).reshape(-1, 160)).max(axis=1) > 1000


async def test_a_call_of_two_turns_is_reported_with_its_timings() -> None:
    leg, talk = Caller([say("楼下半夜施工"), say("在车陂路")]), Talk()
    then, reports = await hold(leg, talk)
    assert then is Next.HANG_UP
    assert [report.said for report in reports] == [("您好",), ("在哪里?",), ("在哪里?",)]
    assert [report.heard for report in reports] == ["", "楼下半夜施工", "楼下半夜施工"]
    times = reports[1].row()["timings_ms"]
    assert times["first_sound"] >= times["end_of_speech"] >= 700
    assert leg.closed is Next.HANG_UP
    assert loud(leg).sum() == 3 * 15  # three sentences of 0.3 s


async def test_the_first_syllable_reaches_the_recogniser() -> None:
    sound = say("八")
    words = Words()
    await hold(Caller([sound]), Talk(), words)
    assert len(words.sounds[-1]) > len(sound) + 4000


async def test_an_interruption_silences_us_at_once() -> None:
    leg = Caller([say("不对不对我说的是另外一件事情")], [2.0])
    talk = Talk()
    await hold(leg, talk, speech=Beep(6.0))
    assert len(talk.heard) == 1
    voice = loud(leg)
    begun = int(np.argmax(np.frombuffer(bytes(leg.incoming), "<i2") != 0)) // 160
    silent = begun + int(np.argmin(voice[begun:]))
    assert 0.2 < (silent - begun) * 0.02 < 0.75  # 250 ms of voice, detector and pre-roll included


async def test_noise_does_not_interrupt() -> None:
    leg = Caller([noise(3.0, 1500)], [1.0])
    talk = Talk()
    await hold(leg, talk, speech=Beep(5.0))
    assert not talk.heard
    assert loud(leg).sum() == 250


async def test_a_listening_sound_lets_us_finish() -> None:
    leg = Caller([say("嗯嗯")], [1.0])
    talk = Talk()
    await hold(leg, talk, Words(["嗯。"]), Beep(5.0))
    assert not talk.heard
    assert 250 <= loud(leg).sum() <= 250 + 21  # all of it, and the run-up after the place


async def test_an_hour_of_silence_is_ended_politely() -> None:
    leg = Caller([np.zeros(16_000, np.int16)], [3600.0])
    then, reports = await hold(leg, Talk())
    assert then is Next.HANG_UP
    assert leg.now() < 60
    assert reports[-1].said == (phrases().says["goodbye"],)


async def test_who_never_stops_is_answered_and_bounded() -> None:
    words, talk = Words(), Talk()
    leg = Caller([np.tile(say("我要投诉楼下的餐馆每天半夜还在营业油烟特别大"), 30)])
    await hold(leg, talk, words)
    assert max(map(len, words.sounds)) <= 29 * 16_000
    assert talk.heard
    assert leg.now() < 200


async def test_a_dialogue_that_breaks_is_an_apology_then_a_person() -> None:
    then, reports = await hold(Caller([say("楼下半夜施工")] * 3), Talk(breaks=True))
    assert then is Next.AGENT
    says = phrases().says
    assert [report.said for report in reports] == [(says["apology"],), (says["handing_over"],)]


async def test_a_voice_that_breaks_does_not_hang_the_call() -> None:
    class Hoarse(Beep):
        async def say(self, text: str, voice: str = "mandarin", speed: float = 1.0):  # type: ignore[no-untyped-def]
            raise RuntimeError("no voice")
            yield

    then, _ = await hold(Caller([say("楼下半夜施工")]), Talk(), speech=Hoarse())
    assert then is Next.HANG_UP


@pytest.mark.parametrize("size", [0, 1, 37, 480, 4000])
async def test_frames_of_any_size(size: int) -> None:
    class Odd(Caller):
        async def carry(self, hear: Hear, beat: Beat) -> None:
            held = b""

            def cut(came: Frame | KeyPressed) -> None:
                nonlocal held
                assert isinstance(came, Frame)
                if not size:
                    hear(Frame(b""))
                held += came.pcm
                while len(held) >= (size or 320):
                    hear(Frame(held[: size or 320]))
                    held = held[size or 320 :]

            await super().carry(cut, beat)

    talk = Talk()
    await hold(Odd([say("楼下半夜施工")]), talk)
    assert len(talk.heard) == 1


async def test_names_are_expected_where_a_place_is_asked_and_nowhere_else() -> None:
    class Asks(Talk):
        async def hear(self, utterance: Utterance) -> Outcome:
            await super().hear(utterance)
            where = (Reply("天河区哪里?"),)
            return Outcome(utterance.id, Status.ASKED, where, facts={"asked": "place"})

    class Expecting(Words):
        expected: ClassVar[list[str]] = []

        async def transcribe(self, samples: Samples, **wish: Any) -> Transcript:
            self.expected.append(wish["hot_words"])
            return await super().transcribe(samples, **wish)

    words = Expecting(["楼下半夜施工", "在车陂路"])
    leg = Caller([say("楼下半夜施工"), say("在车陂路")])
    service = Service(Asks(), words, Beep(), now, hot_words=lambda said: "/".join(said))
    call = Call(leg, service)
    leg.watch(call)
    async with asyncio.timeout(60):
        await call.run()
    assert words.expected[0] == ""
    assert words.expected[-1] == "您好/楼下半夜施工/天河区哪里?"
