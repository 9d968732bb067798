"""What several processes are wired from: the records, live state, the desk, the conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.alarm import Alarm, load_alarm
from bot.conversation import Conversation, Observe, unobserved
from bot.desk import Desk
from bot.dialogue import words
from bot.dialogue.client import Dialogue
from bot.live import Live
from bot.recordings import Recordings
from bot.secret import signing_key
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True)
class Office:
    """Records, live state and the desk: what every process that serves people has."""

    store: Store
    live: Live
    desk: Desk


def recordings(settings: Settings) -> Recordings:
    """Where calls are kept that may be."""
    return Recordings(settings.data / "recordings", signing_key(settings))


@asynccontextmanager
async def office(settings: Settings) -> AsyncIterator[Office]:
    """Open them, and give them back at the end."""
    store = await Store.open(settings.database)
    live = Live(settings.redis)
    try:
        yield Office(store, live, Desk(store, live, erase=recordings(settings).erase))
    finally:
        await live.close()
        await store.close()


@asynccontextmanager
async def conversation(
    settings: Settings,
    opened: Office,
    observe: Observe = unobserved,
    alarm: Alarm | None = None,
) -> AsyncIterator[Conversation]:
    """The one path of an utterance, for a process that has callers; it hears danger by ``alarm``,
    or by one of its own."""
    if alarm is None:
        alarm = await asyncio.to_thread(load_alarm)
    dialogue = Dialogue(settings.rasa_url, seconds=settings.dialogue_seconds)
    try:
        yield Conversation(
            store=opened.store,
            desk=opened.desk,
            live=opened.live,
            dialogue=dialogue,
            screen=alarm,
            words=words.load(),
            observe=observe,
        )
    finally:
        await dialogue.close()
