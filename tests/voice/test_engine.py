"""One recogniser for many calls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import numpy as np
import pytest

from bot.rules.errors import Unavailable
from tests.voice.parrot import Parrot
from voice.audio import Floats
from voice.engine import Engine
from voice.signals import Transcript
from voice.stt import Guess

SOUND = np.zeros(16_000, np.int16)


@asynccontextmanager
async def running(parrot: Parrot, **sizes: int) -> AsyncIterator[Engine]:
    engine = Engine(parrot, **sizes)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(engine.run())
        yield engine
        task.cancel()


async def ask(engine: Engine, deadline_seconds: float = 8.0, language: str = "zh") -> Transcript:
    return await engine.transcribe(
        SOUND, voiced_seconds=1.0, deadline_seconds=deadline_seconds, language=language
    )


async def taken(engine: Engine) -> None:
    """Wait until the recogniser has what was asked."""
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        while engine.waiting:
            await asyncio.sleep(0)


async def test_what_waits_is_decoded_together() -> None:
    parrot = Parrot(seconds=0.05)
    async with running(parrot, batch=4) as engine:
        answers = await asyncio.gather(*(ask(engine) for _ in range(9)))
    assert [answer.text for answer in answers] == ["楼下半夜施工"] * 9
    assert sum(parrot.batches) == 9
    assert max(parrot.batches) == 4


async def test_languages_are_not_mixed_in_a_batch() -> None:
    parrot = Parrot(seconds=0.02)
    async with running(parrot) as engine:
        await asyncio.gather(*(ask(engine, language=name) for name in ["zh", "yue"] * 3))
    assert sum(parrot.batches) == 6
    assert max(parrot.batches) <= 3


async def test_late_and_too_many_are_refused() -> None:
    parrot = Parrot()
    parrot.free.clear()
    async with running(parrot, batch=1, waiting=2) as engine:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(ask(engine))
            await taken(engine)
            with pytest.raises(Unavailable):
                await ask(engine, deadline_seconds=0.1)
            waiting = [group.create_task(ask(engine)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable):
                await ask(engine)
            parrot.free.set()
        assert (await first).text
        assert all([(await each).text for each in waiting])


async def test_what_nobody_waits_for_is_not_decoded() -> None:
    parrot = Parrot()
    parrot.free.clear()
    async with running(parrot, batch=1) as engine:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(ask(engine))
            await taken(engine)
            given_up = group.create_task(ask(engine))
            await asyncio.sleep(0)
            assert engine.waiting == 1
            given_up.cancel()
            await asyncio.sleep(0)
            parrot.free.set()
        assert (await first).text
        await ask(engine)
    assert sum(parrot.batches) == 2


async def test_an_engine_that_breaks_serves_the_next() -> None:
    parrot = Parrot("break")
    async with running(parrot) as engine:
        with pytest.raises(Unavailable):
            await ask(engine)
        parrot.guess = Guess("好", 0.9, 0.0)
        assert (await ask(engine)).text == "好"


async def test_the_language_is_what_the_recogniser_took_it_for() -> None:
    class Bilingual(Parrot):
        def transcribe(
            self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
        ) -> list[Guess]:
            return [Guess("楼下成日嘈", 0.9, 0.0, "yue") for _ in sounds]

    async with running(Bilingual()) as engine:
        assert (await ask(engine)).language == "yue"
    async with running(Parrot()) as engine:
        assert (await ask(engine)).language == "zh"


async def test_ghosts_are_dropped_with_a_reason() -> None:
    async with running(Parrot("谢谢观看")) as engine:
        answer = await ask(engine)
    assert (answer.text, answer.dropped) == ("", "caption")


async def test_a_better_model_takes_over() -> None:
    async with running(Parrot("旧")) as engine:
        assert (await ask(engine)).text == "旧"
        engine.recognizer = Parrot("新")
        assert (await ask(engine)).text == "新"


async def test_a_recited_list_is_asked_for_again_without_the_list() -> None:
    class Reciting(Parrot):
        def transcribe(
            self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
        ) -> list[Guess]:
            self.guess = Guess(hot_words or "在车陂路", 0.9, 0.0)
            return super().transcribe(sounds, language=language, hot_words=hot_words)

    parrot = Reciting()
    async with running(parrot) as engine:
        answer = await engine.transcribe(
            SOUND, voiced_seconds=1.0, hot_words="车陂街道,棠下街道,石牌街道"
        )
    assert answer.text == "在车陂路"
    assert parrot.batches == [1, 1]
