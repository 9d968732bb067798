"""One recogniser for many calls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

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
async def running(
    parrot: Parrot, small: Parrot | None = None, **sizes: int
) -> AsyncIterator[Engine]:
    engine = Engine(parrot, partial=small, **sizes)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(engine.run())
        yield engine
        task.cancel()


async def ask(
    engine: Engine, deadline_seconds: float = 8.0, language: str = "zh", partial: bool = False
) -> Transcript:
    return await engine.transcribe(
        SOUND,
        voiced_seconds=1.0,
        deadline_seconds=deadline_seconds,
        language=language,
        partial=partial,
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


async def test_the_small_model_hears_what_is_being_said_and_the_large_one_the_turn() -> None:
    large, small = Parrot("整句"), Parrot("半句")
    async with running(large, small) as engine:
        assert engine.partial is small
        assert (await ask(engine, partial=True)).text == "半句"
        assert (await ask(engine)).text == "整句"
    assert (large.batches, small.batches) == ([1], [1])


async def test_without_a_small_model_the_one_does_both() -> None:
    parrot = Parrot()
    async with running(parrot) as engine:
        assert engine.partial is None
        assert (await ask(engine, partial=True)).text == (await ask(engine)).text
    assert parrot.batches == [1, 1]


async def test_language_and_hot_words_go_to_both_alike() -> None:
    class Told(Parrot):
        wishes: list[tuple[str, str]]

        def transcribe(
            self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
        ) -> list[Guess]:
            self.wishes = [*getattr(self, "wishes", []), (language, hot_words)]
            return super().transcribe(sounds, language=language, hot_words=hot_words)

    large, small = Told(), Told()
    async with running(large, small) as engine:
        for partial in (True, False):
            await engine.transcribe(
                SOUND, voiced_seconds=1.0, language="yue", hot_words="车陂", partial=partial
            )
    assert large.wishes == small.wishes == [("yue", "车陂")]


async def test_a_small_model_that_fails_leaves_the_turns_alone() -> None:
    large, small = Parrot("整句"), Parrot("break")
    async with running(large, small) as engine:
        with pytest.raises(Unavailable):
            await ask(engine, partial=True)
        assert engine.partials_degraded
        assert (await ask(engine)).text == "整句"
        small.guess = Guess("半句", 0.9, 0.0)
        assert (await ask(engine, partial=True)).text == "半句"
        assert not engine.partials_degraded


async def test_a_small_model_that_hangs_leaves_the_turns_alone() -> None:
    large, small = Parrot("整句"), Parrot("半句")
    small.free.clear()
    async with running(large, small) as engine:
        with pytest.raises(Unavailable):
            await ask(engine, deadline_seconds=0.05, partial=True)
        assert (await ask(engine)).text == "整句"
        small.free.set()


async def test_turns_are_heard_first() -> None:
    large, small = Parrot("整句"), Parrot("半句")
    large.free.clear()
    async with running(large, small) as engine, asyncio.TaskGroup() as group:
        turn = group.create_task(ask(engine))
        await taken(engine)
        partial = group.create_task(ask(engine, partial=True))
        for _ in range(20):
            await asyncio.sleep(0)
        assert (engine.partials_waiting, small.batches) == (1, [])
        large.free.set()
        assert (await turn).text == "整句"
        assert (await partial).text == "半句"


async def test_a_small_model_waits_for_no_other_machine() -> None:
    large, small = Parrot("整句"), Parrot("半句")
    large.model = replace(large.model, elsewhere=True)
    large.free.clear()
    async with running(large, small) as engine, asyncio.TaskGroup() as group:
        turn = group.create_task(ask(engine))
        await taken(engine)
        assert (await ask(engine, partial=True)).text == "半句"
        large.free.set()
        assert (await turn).text == "整句"


async def test_where_too_many_wait_a_turn_takes_the_place_of_what_is_being_said() -> None:
    large, small = Parrot("整句"), Parrot("半句")
    large.free.clear()
    async with running(large, small, batch=1, waiting=2) as engine, asyncio.TaskGroup() as group:
        turns = [group.create_task(ask(engine))]
        await taken(engine)
        partials = [group.create_task(refused(engine)) for _ in range(2)]
        await asyncio.sleep(0)
        assert engine.partials_waiting == 2
        turns += [group.create_task(ask(engine)) for _ in range(2)]
        await asyncio.gather(*partials)
        assert (engine.waiting, engine.partials_waiting) == (2, 0)
        with pytest.raises(Unavailable):
            await ask(engine)
        await refused(engine)
        large.free.set()
        assert [(await turn).text for turn in turns] == ["整句"] * 3
    assert small.batches == []


async def refused(engine: Engine) -> None:
    with pytest.raises(Unavailable):
        await ask(engine, partial=True)
