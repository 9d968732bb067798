"""Which calls may come in: only those that were announced. Pure but for making an id.

The dialplan announces a call with its number and gets an id; the media that come with the id
are let in, once. After the call it asks where the call goes next.
"""

import uuid
from collections import OrderedDict
from dataclasses import dataclass

from bot.rules.errors import NotFound
from bot.rules.session import Next
from voice.service import Listener

WAIT_SECONDS = 60.0  # from announcement to media
KEPT = 10_000


@dataclass
class Line:
    """An announced call. ``then`` is where it goes after us; None until it has ended.

    ``session``: its name in the records. ``listener``: who talks, if not the hotline's dialogue.
    ``stays``: the line cannot be given to an agent's phone; an agent speaks through us.
    """

    call_id: str
    caller: str | None
    announced_at: float
    session: str
    listener: Listener | None = None
    stays: bool = False
    taken: bool = False
    then: Next | None = None


class Lines:
    """All announced calls, the oldest forgotten first. Times are monotonic seconds."""

    def __init__(self, most_calls: int) -> None:
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._most = most_calls
        self.active = 0

    @property
    def full(self) -> bool:
        """Whether one more call would be one too many for this process."""
        return self.active >= self._most

    def announce(
        self,
        caller: str | None,
        now: float,
        session: str = "",
        listener: Listener | None = None,
        *,
        stays: bool = False,
    ) -> str:
        """A new id for a call from ``caller``, or to them."""
        call_id = str(uuid.uuid4())
        known = session or call_id
        self._lines[call_id] = Line(call_id, caller or None, now, known, listener, stays)
        while len(self._lines) > KEPT:
            self._lines.popitem(last=False)
        return call_id

    def take(self, call_id: str, now: float) -> Line:
        """The media of an announced call are here. Raises `NotFound`, also the second time."""
        line = self._lines.get(call_id)
        if line is None or line.taken or now - line.announced_at > WAIT_SECONDS:
            raise NotFound("no such call was announced")
        line.taken = True
        self.active += 1
        return line

    def leave(self, call_id: str, then: Next) -> None:
        """The call has left us."""
        self.active -= 1
        line = self._lines.get(call_id)
        if line is not None:
            line.then = then

    def open(self, call_id: str, now: float) -> bool:
        """Whether the call goes on, or may still come."""
        line = self._lines.get(call_id)
        if line is None or line.then is not None:
            return False
        return line.taken or now - line.announced_at <= WAIT_SECONDS

    def then(self, call_id: str) -> Next:
        """Where a call goes after us: to a person, wherever nothing better is known."""
        line = self._lines.get(call_id)
        return Next.AGENT if line is None or line.then is None else line.then
