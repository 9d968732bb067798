"""Sends a person what was said and has not gone out, as far as the platform's window lets it.

What is to be sent is read from the session's turns after the last one that has gone out, so that
a machine's answer and an agent's words go the same way and nothing is said twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.wechat.held import Held
from bot.channels.wechat.news import TRANSFERRED, Newsroom, told
from bot.channels.wechat.phrases import written
from bot.channels.wechat.platform import Platform
from bot.log import logger
from bot.rules.errors import Rejected
from bot.rules.session import Handler, Speaker
from bot.rules.wechat import Wait, Window, kept_back, pack
from bot.store import Person, TicketFilter

log = logger(__name__)

REFUSED_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """What waits to be said, the last turn there is, the window and how much of it is kept."""

    texts: list[Wait]
    last_seq: int
    window: Window
    kept: int


@dataclass(frozen=True)
class Delivery:
    """One per postman. ``platforms`` by the account's name."""

    platforms: Mapping[str, Platform]
    newsroom: Newsroom

    async def talk(self, held: Held, person: Person, *, spare: int = 0) -> datetime | None:
        """Send the conversation, ``spare`` places left alone; when to try again."""
        waiting = await self._waiting(held)
        if waiting.kept != held.line.kept:
            await held.note(kept=waiting.kept)
        places = waiting.window.open(held.clock()) - waiting.kept - spare
        parcels = pack(waiting.texts, places)
        for parcel in parcels:
            try:
                await self.platforms[person.account].send_text(person.openid, parcel.text)
            except Rejected as refused:
                return await self._refused(held, refused)
            async with held.store.begin() as records:
                await held.spend(records, seq=parcel.upto)
        if waiting.texts and held.line.seq < waiting.texts[-1].seq:
            log.info("wechat.held_back", waiting=len(waiting.texts) - len(parcels))
        elif waiting.last_seq > held.line.seq:
            await held.note(seq=waiting.last_seq)
        return None

    async def news(self, held: Held, person: Person) -> datetime | None:
        """What changed with tickets, with the last place of the window or by subscription."""
        to = self.platforms[person.account]
        for item, ticket in await self.newsroom.of(person):
            async with held.store.read() as records:
                window = (await records.lines.get(person.person)).window
            if item.kind == TRANSFERRED or not window.open(held.clock()):
                await self.newsroom.subscribe(item, ticket, person, to)
                continue
            try:
                await to.send_text(person.openid, told(item.kind, ticket))
            except Rejected as refused:
                return await self._refused(held, refused)
            async with held.store.begin() as records:
                await held.spend(records)
                await records.news.went(item.key, "sent")
        return None

    async def _waiting(self, held: Held) -> Waiting:
        line = held.line
        if line.session_id is None:
            return Waiting([], line.seq, line.window, 0)
        async with held.store.read() as records:
            window = (await records.lines.get(line.person)).window
            session = await records.sessions.find(line.session_id)
            turns = await records.turns.since(line.session_id, line.seq)
            wanted = TicketFilter(session_id=line.session_id, open=True, limit=1)
            expects = bool(await records.tickets.listed(wanted))
        speakers = {Speaker.BOT, Speaker.AGENT}
        if session is not None and session.handler is Handler.AGENT:
            speakers = {Speaker.AGENT}  # from that instant on no word of the machine goes out
        texts = [Wait(turn.seq, written(turn)) for turn in turns if turn.speaker in speakers]
        last_seq = turns[-1].seq if turns else line.seq
        return Waiting(texts, last_seq, window, kept_back(expects))

    async def _refused(self, held: Held, refused: Rejected) -> datetime | None:
        """WeChat does not take it. Until the caller writes again, it waits."""
        at = held.clock()
        log.warning("wechat.not_sent", code=refused.code)
        async with held.store.begin() as records:
            window = (await records.lines.get(held.line.person, lock=True)).window
            match refused.code:
                case "window_closed":
                    window = window.closed(at)
                case "count_exhausted":
                    window = window.exhausted()
                case "unknown_person":
                    await held.write(records, refused=True)
                    return None
                case _:  # ours to mend: the interface is not granted, a secret is wrong
                    log.error("wechat.cannot_send", code=refused.code)
                    return at + REFUSED_WAIT
            await held.write(records, left=window.left, until=window.until)
        return None
