"""The ears of all lines of a process: what they gather is looked at together.

One look at thirty lines costs the voice detector what a handful cost it one by one. Nobody waits
for it longer than a quarter of a frame. A line that hurries is looked at step by step, between
which the others have their turn.
"""

import asyncio
from collections.abc import Callable

from voice.ear import Ear, look
from voice.segments import Heard

_GATHERING_SECONDS = 0.005

Post = Callable[[Heard], None]


class Ears:
    """One per process."""

    def __init__(self) -> None:
        self._full: dict[Ear, Post] = {}

    def hear(self, ear: Ear, pcm: bytes, post: Post) -> None:
        """A frame of any length; ``post`` gets what is heard, a little later."""
        ear.gather(pcm)
        if not ear.full or ear in self._full:
            return
        if not self._full:
            asyncio.get_running_loop().call_later(_GATHERING_SECONDS, self._look)
        self._full[ear] = post

    def _look(self) -> None:
        full = self._full
        for post, heard in zip(full.values(), look(list(full)), strict=True):
            for event in heard:
                post(event)
        self._full = {ear: post for ear, post in full.items() if ear.full}
        if self._full:
            asyncio.get_running_loop().call_soon(self._look)
