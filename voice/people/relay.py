"""A call that stays with us to its end, whoever speaks: the machine, a person, the machine again.

While the caller waits for a person the machine goes on serving them; it falls silent the moment
an agent accepts, and speaks again only when the agent has given the caller back.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.rules.errors import HotlineError
from bot.rules.session import Channel, Handler, Next, Outcome, Reply, Status, Utterance
from voice import metrics
from voice.call import Call
from voice.legs.leg import CallLeg
from voice.people.desk import People, until_taken
from voice.people.recording import Recording
from voice.people.shared import SharedLeg
from voice.people.talk import Talk
from voice.phrases import phrases
from voice.service import Listener, Service

_BACK = {Handler.WAITING: "back_in_queue", Handler.BOT: "back"}


class Relay:
    """One call's. ``told`` gets each talk when it begins, and None when it is over."""

    def __init__(
        self,
        leg: SharedLeg,
        service: Service,
        people: People,
        told: Callable[[Talk | None], None],
    ) -> None:
        self._leg, self._people, self._told = leg, people, told
        self._recording = Recording(service.record)
        self._service = replace(service, record=self._recording.part)

    async def run(self) -> Next:
        """Until the caller is gone or done; `Next.AGENT` where nobody can be asked for."""
        try:
            return await self._hold()
        finally:
            self._recording.end()

    async def _hold(self) -> Next:
        listener = Patient(self._service.conversation, 0, "")
        service, part = replace(self._service, conversation=listener), 0
        while True:
            then = await watched(Call(self._leg, service, metrics.note), self._leg, self._people)
            if then is not Next.AGENT:
                return then
            part += 1
            if await self._people.handler(self._leg.call_id) is Handler.AGENT:
                after = await self._talk(part)
                if after not in _BACK:
                    return Next.HANG_UP
                words = _BACK[after]
            else:
                try:
                    await self._people.ask(self._leg.call_id)
                except HotlineError:
                    return Next.AGENT
                words = "back_in_queue"
            listener = Patient(self._service.conversation, part, words)
            service = replace(service, conversation=listener, says_recorded=False)

    async def _talk(self, part: int) -> Handler | None:
        talk = Talk(self._leg, self._service, self._people, part)
        self._told(talk)
        try:
            return await talk.run()
        finally:
            self._told(None)


class Patient:
    """The dialogue for a caller who stays on the line while waiting for a person.

    ``part`` counts the machine's turns of holding the call, so that no utterance of one is taken
    for one of another; ``words`` names what it says instead of the opening.
    """

    def __init__(self, inner: Listener, part: int, words: str) -> None:
        self._inner, self._part, self._words = inner, part, words

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        if not self._words:
            return _stays(await self._inner.begin(session_id, channel, caller, at))
        waits = self._words == "back_in_queue"
        status = Status.HANDED_OFF if waits else Status.GREETED
        return Outcome("opening", status, (Reply(phrases().says[self._words]),))

    async def hear(self, utterance: Utterance) -> Outcome:
        own = replace(utterance, id=f"{utterance.id}.{self._part}")
        return _stays(await self._inner.hear(own))


def _stays(outcome: Outcome) -> Outcome:
    return replace(outcome, next=Next.LISTEN) if outcome.next is Next.AGENT else outcome


async def watched(call: Call, leg: CallLeg, people: People) -> Next:
    """Hold the call; it ends the moment that an agent has the caller."""

    async def watch() -> None:
        await until_taken(people, leg.call_id)
        call.taken()

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        then = await call.run()
        watching.cancel()
    return then
