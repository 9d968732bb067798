"""Writing together: who comes while a transaction runs shares the next one with all the others.

Fifty tickets at once cost one commit, not fifty. There is no task in the background: the first
in the queue writes for everybody who waits.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Generic, TypeVar

from bot.rules.errors import HotlineError

Item = TypeVar("Item")
Result = TypeVar("Result")

LARGEST = 100


class Together(Generic[Item, Result]):
    """``write`` gets the items of a batch and returns their results, in the same order.

    One of our own errors goes to everybody in the batch. On any other (a cancelled writer) the
    rest of the batch is written by the next in the queue: writing an item twice must be harmless.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._queue: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._writing = asyncio.Lock()

    async def add(self, item: Item) -> Result:
        """The item's result, once its batch is written."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.append((item, future))
        try:
            async with self._writing:
                while not future.done():
                    await self._write_waiting()
        finally:
            if not future.done():
                future.cancel()
        return future.result()

    async def _write_waiting(self) -> None:
        await asyncio.sleep(0)  # who is about to come, comes along
        taken = [self._queue.popleft() for _ in range(min(LARGEST, len(self._queue)))]
        batch = [(item, future) for item, future in taken if not future.done()]
        with ExitStack() as unwritten:
            unwritten.callback(self._queue.extendleft, reversed(batch))
            try:
                results = await self._write([item for item, _ in batch])
            except HotlineError as error:
                unwritten.pop_all()
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                return
            unwritten.pop_all()
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
