"""A caller and people: sound both ways, and every word of both sides written down."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.rules.errors import HotlineError
from bot.rules.session import Channel, Handler, Utterance
from voice.audio import FRAME_SECONDS, MODEL_RATE, Doubler, Halver, from_bytes, to_bytes
from voice.ear import Ear
from voice.legs.leg import CallLeg, Frame
from voice.people.conference import Conference
from voice.people.desk import People
from voice.people.voices import Spoken, Voices
from voice.phrases import phrases
from voice.recorder import Recorder
from voice.segments import VoiceStarted, VoiceStopped
from voice.service import Service
from voice.signals import KeyPressed

log = structlog.get_logger()

CALLER = "\0caller"  # no login
_SECOND = 50  # frames

Outlet = Callable[[bytes | None], None]
Place = tuple[float, float]  # in the recording, from when to when


@dataclass
class Member:
    """Somebody of the desk on the line. ``outlet`` gets what they hear, and None at the end."""

    outlet: Outlet
    ear: Ear
    listens: bool


@dataclass(frozen=True)
class Voiced:
    """What somebody has just said, not yet as words; ``place``: where it is in the recording."""

    who: str
    event: VoiceStopped
    spoken: Spoken
    place: Place


class Talk:
    """From an acceptance until no agent has the caller any more."""

    def __init__(self, leg: CallLeg, service: Service, people: People, part: int) -> None:
        self._leg, self._service, self._people, self._part = leg, service, people, part
        self._conference = Conference()
        self._conference.join(CALLER)
        self._members: dict[str, Member] = {}
        self._doubler = Doubler() if leg.rate != MODEL_RATE else None
        self._halver = Halver() if leg.rate != MODEL_RATE else None
        self._played: deque[bytes] = deque(maxlen=_SECOND)
        self._ear = Ear(leg.rate, lambda: b"".join(self._played))
        self._said: asyncio.Queue[Voiced] = asyncio.Queue()
        self._voices, self._beats = Voices(CALLER), 0
        sink = service.record(leg.call_id)
        self._recorder = Recorder(sink, leg.rate) if sink else None
        self._utterances = 0

    async def run(self) -> Handler | None:
        """Who has the caller next; None when the caller is gone."""
        after: Handler | None = None
        try:
            async with asyncio.TaskGroup() as group:
                line = group.create_task(self._leg.carry(self._came, self._beat))
                over = group.create_task(self._until_over())
                writing = group.create_task(self._write())
                await asyncio.wait((line, over), return_when=asyncio.FIRST_COMPLETED)
                if over.done():
                    after = over.result()
                for task in (line, over, writing):
                    task.cancel()
        finally:
            if self._recorder is not None:
                self._recorder.close()
        for member in self._members.values():
            member.outlet(None)
        return after

    @contextmanager
    def member(self, who: str, outlet: Outlet, *, listens: bool) -> Iterator[None]:
        """Somebody of the desk is on the line for as long as the block lasts."""
        before = self._members.get(who)
        if before is not None:
            before.outlet(None)  # another page of theirs
        member = self._members[who] = Member(outlet, Ear(MODEL_RATE, lambda: None), listens)
        self._conference.join(who, listens=listens)
        try:
            yield
        finally:
            if self._members.get(who) is member:
                del self._members[who]
                self._conference.leave(who)

    def hear(self, who: str, pcm: bytes) -> None:
        """Sound of somebody of the desk."""
        member = self._members.get(who)
        if member is None or member.listens:
            return
        self._conference.hear(who, pcm)
        self._note(who, member.ear, pcm)

    def _came(self, came: Frame | KeyPressed) -> None:
        if not isinstance(came, Frame):
            return
        if self._recorder is not None:
            self._recorder.hear(came.pcm)
        sound = from_bytes(came.pcm)
        if self._doubler is not None:
            sound = self._doubler.convert(sound)
        self._conference.hear(CALLER, to_bytes(sound))
        self._note(CALLER, self._ear, came.pcm)

    def _note(self, who: str, ear: Ear, pcm: bytes) -> None:
        for event in ear.hear(pcm):
            now = self._beats * FRAME_SECONDS
            if isinstance(event, VoiceStarted):
                self._voices.began(who, now)
            elif isinstance(event, VoiceStopped):
                ended = now - event.silence_seconds
                spoken = self._voices.ended(who, ended, event.voiced_seconds)
                place = self._recorder.place(event) if self._recorder else (0.0, 0.0)
                self._said.put_nowait(Voiced(who, event, spoken, place))

    def _beat(self) -> None:
        self._beats += 1
        heard = self._conference.beat()
        frame = heard.pop(CALLER)
        if self._halver is not None:
            frame = to_bytes(self._halver.convert(from_bytes(frame)))
        self._played.append(frame)
        self._leg.send(frame)
        if self._recorder is not None:
            self._recorder.beat(frame)
        for who, sound in heard.items():
            self._members[who].outlet(sound)

    async def _until_over(self) -> Handler:
        session = self._leg.call_id
        async with self._people.changes(session) as events:
            while True:
                handler = await self._people.handler(session)
                if handler is not None and handler is not Handler.AGENT:
                    return handler
                await self._let_go(session)
                async for event in events:
                    if event["type"] in ("handoff", "gap"):
                        break

    async def _let_go(self, session: str) -> None:
        """Of those who may no longer speak to the caller."""
        try:
            talkers = await self._people.talkers(session)
        except HotlineError:
            return
        for who, member in self._members.items():
            if not member.listens and who not in talkers:
                member.outlet(None)

    async def _write(self) -> None:
        while True:
            voiced = await self._said.get()
            try:
                heard = await self._service.transcriber.transcribe(
                    voiced.event.samples,
                    voiced_seconds=voiced.event.voiced_seconds,
                    language=self._service.language,
                )
                if heard.text:
                    self._record(voiced.who, heard.text, voiced.place)
                    await self._noted(voiced, heard.text, heard.confidence)
            except HotlineError as error:
                log.warning("talk.words_lost", reason=type(error).__name__)

    def _record(self, who: str, text: str, place: Place) -> None:
        """Who does not want to be recorded may say so to a person too."""
        if self._recorder is None:
            return
        if who == CALLER and phrases().wish(text) == "unrecorded":
            self._recorder.discard()
        self._recorder.said("caller" if who == CALLER else "agent", text, place)

    async def _noted(self, voiced: Voiced, text: str, confidence: float) -> None:
        session = self._leg.call_id
        if voiced.who != CALLER:
            await self._people.say(session, voiced.who, text, voiced.spoken)
            return
        self._utterances += 1
        await self._service.conversation.hear(
            Utterance(
                id=f"{session}-talk-{self._part}-{self._utterances}",
                session_id=session,
                text=text,
                channel=Channel.PHONE,
                heard_at=self._service.clock(),
                caller=self._leg.caller,
                confidence=confidence,
                spoken=True,
            )
        )
