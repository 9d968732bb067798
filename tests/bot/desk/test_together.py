import asyncio
from collections.abc import Sequence

import pytest

from bot.desk.together import Together
from bot.rules.errors import Unavailable


class Writer:
    """Remembers its batches; fails on demand; waits when told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.error: Exception | None = None

    async def write(self, items: Sequence[int]) -> Sequence[int]:
        await self.go.wait()
        self.batches.append(list(items))
        if self.error is not None:
            raise self.error
        return [item * 10 for item in items]


async def test_who_comes_meanwhile_is_written_together() -> None:
    writer = Writer()
    together = Together(writer.write)
    results = await asyncio.gather(*(together.add(n) for n in range(250)))
    assert results == [n * 10 for n in range(250)]
    assert [len(batch) for batch in writer.batches] == [100, 100, 50]


async def test_an_error_of_ours_goes_to_everybody() -> None:
    writer = Writer()
    writer.error = Unavailable("away")
    together = Together(writer.write)
    results = await asyncio.gather(*(together.add(n) for n in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable] * 3
    writer.error = None
    assert await together.add(4) == 40


async def test_who_gives_up_while_writing_leaves_the_others_to_the_next() -> None:
    writer = Writer()
    writer.go.clear()
    together = Together(writer.write)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(together.add(1))
        second = group.create_task(together.add(2))
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        writer.go.set()
    assert second.result() == 20
    assert writer.batches == [[2]]


async def test_a_bug_hits_who_writes_and_the_queue_goes_on() -> None:
    writer = Writer()
    writer.error = ZeroDivisionError()
    together = Together(writer.write)
    with pytest.raises(ZeroDivisionError):
        await together.add(1)
    writer.error = None
    assert await together.add(2) == 20
    assert writer.batches == [[1], [2]]
