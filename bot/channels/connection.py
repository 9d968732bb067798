"""A page that has said hello: what it says is heard, and what it is told comes from the records.

After every utterance, and whenever the session's topic says that something was added, the page
is sent the turns it has not got. A lost connection or a dead Redis delays a turn and never loses
or doubles it.
"""

import asyncio
from collections.abc import Coroutine

from aiohttp import WSMsgType, web

from bot import metrics
from bot.channels import frames
from bot.channels.chat import Chat
from bot.channels.tokens import Token
from bot.channels.transcript import shown
from bot.channels.window import Window
from bot.rules.errors import HotlineError, NotFound, Rejected
from bot.rules.hearing import TEXT_MAX_CHARACTERS, clean
from bot.rules.privacy import mask_phone
from bot.rules.session import Outcome, Utterance
from bot.telling import turns_of

WAITING_UTTERANCES = 16  # of one page, before it is told to wait
CATCH_UP_SECONDS = 2.0  # how often the records are read while Redis is away

# name, how many, in how many seconds
SAYINGS = ("chat.say", 40, 60)
RECORDINGS = ("chat.audio", 15, 60)
CALL_BACKS = ("chat.call_back", 5, 600)
READINGS = ("chat.speak", 60, 60)


class Connection:
    """One page on one session, from its hello until it is gone."""

    def __init__(self, chat: Chat, token: Token, window: Window) -> None:
        self._chat = chat
        self._session_id = token.session_id
        self._channel = token.channel
        self._window = window
        self._sayings: asyncio.Queue[frames.Say | None] = asyncio.Queue(WAITING_UTTERANCES)
        self._announced: frames.Audio | None = None  # its bytes come next
        self._aside: set[asyncio.Task[None]] = set()  # ends with the page

    async def run(self, socket: web.WebSocketResponse) -> None:
        """Serve the page; what it said before it went is still heard to the end."""
        async with asyncio.TaskGroup() as group:
            hearing = group.create_task(self._hear_all())
            self._start(group, self._follow())
            self._start(group, self._poll())
            await self._read_all(socket, group)
            await self._sayings.put(None)
            await hearing
            for task in self._aside:
                task.cancel()

    def _start(self, group: asyncio.TaskGroup, job: Coroutine[None, None, None]) -> None:
        task = group.create_task(job)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    # what the page sends

    async def _read_all(self, socket: web.WebSocketResponse, group: asyncio.TaskGroup) -> None:
        async for message in socket:
            try:
                if message.type is WSMsgType.TEXT:
                    await self._take(frames.read(message.data), group)
                elif message.type is WSMsgType.BINARY:
                    await self._take_recording(message.data, group)
            except HotlineError as refusal:
                await self._window.refuse(refusal, **frames.about(message.data))

    async def _take(self, frame: frames.Frame, group: asyncio.TaskGroup) -> None:
        match frame:
            case frames.Say():
                await self._limit(SAYINGS)
                try:
                    self._sayings.put_nowait(frame)
                except asyncio.QueueFull:
                    raise Rejected("too many at once", code="too_many") from None
            case frames.Audio():
                await self._limit(RECORDINGS)
                self._announced = frame
            case frames.Speak():
                await self._limit(READINGS)
                self._start(group, self._speak(frame.seq))
            case frames.CallBack():
                await self._limit(CALL_BACKS)
                left = await self._chat.leave_number(self._session_id, frame.phone)
                told = {"type": "call_back", "phone": mask_phone(left.phone)}
                await self._window.send(told)
            case frames.Hello():
                raise Rejected("already said hello", code="frame_malformed", field="type")

    async def _take_recording(self, recording: bytes, group: asyncio.TaskGroup) -> None:
        announced, self._announced = self._announced, None
        if announced is None:
            raise Rejected("audio not announced", code="frame_malformed", field="audio")
        self._start(group, self._transcribe(announced, recording))

    async def _limit(self, limit: tuple[str, int, int]) -> None:
        name, times, seconds = limit
        if not await self._chat.live.allow(f"{name}:{self._session_id}", times, seconds):
            raise Rejected("too many in a short time", code="too_many")

    # what becomes of it

    async def _hear_all(self) -> None:
        while (say := await self._sayings.get()) is not None:
            await self._window.send({"type": "typing", "on": True})
            try:
                outcome = await self._chat.hearing.hear(self._utterance(say))
            except HotlineError as error:
                await self._window.refuse(error, id=say.id)
            else:
                await self._show(outcome)
            await self._window.send({"type": "typing", "on": False})

    def _utterance(self, say: frames.Say) -> Utterance:
        return Utterance(
            id=say.id,
            session_id=self._session_id,
            text=say.text,
            channel=self._channel,
            heard_at=self._chat.clock(),
            spoken=say.spoken,
        )

    async def _show(self, outcome: Outcome) -> None:
        """What the records have of it; where they cannot be read, the replies without number."""
        await self._window.catch_up()
        status = outcome.status.value
        if self._window.behind and not self._window.with_agent:
            at = self._chat.clock().isoformat()
            for reply in outcome.replies:
                await self._window.send(
                    {
                        "type": "turn",
                        "seq": None,
                        "speaker": "bot",
                        "text": reply.text,
                        "status": status,
                        "at": at,
                    }
                )
        await self._window.send({"type": "done", "id": outcome.utterance_id, "status": status})

    async def _transcribe(self, audio: frames.Audio, recording: bytes) -> None:
        try:
            if not recording:
                raise Rejected("empty recording", code="audio_empty", field="audio")
            if len(recording) > frames.AUDIO_BYTES_LIMIT:
                raise Rejected("recording too big", code="audio_too_long", field="audio")
            with metrics.timed("transcription"):
                heard = await self._chat.voice.transcribe(recording, audio.mime)
            if not heard.text.strip():
                raise Rejected("nothing understood", code="audio_silent", field="audio")
            text = clean(heard.text[:TEXT_MAX_CHARACTERS])
        except HotlineError as error:
            await self._window.refuse(error, unavailable="voice_unavailable", id=audio.id)
            return
        await self._window.send(
            {
                "type": "heard",
                "id": audio.id,
                "text": text,
                "confidence": heard.confidence,
                "demonstration": heard.demonstration,
            }
        )

    async def _speak(self, seq: int) -> None:
        try:
            turns = await self._chat.transcript.since(self._session_id, seq - 1)
            if not turns or turns[0]["seq"] != seq:
                raise NotFound("no such turn")
            with metrics.timed("speech"):
                sound = await self._chat.voice.speak(turns[0].get("spoken") or turns[0]["text"])
        except HotlineError as error:
            await self._window.refuse(error, unavailable="speech_unavailable", seq=seq)
            return
        await self._window.send_sound(
            {"type": "speech", "seq": seq, "mime": sound.mime}, sound.data
        )

    # what others add

    async def _follow(self) -> None:
        async with self._chat.live.subscribe(f"session:{self._session_id}") as events:
            await self._window.catch_up()
            await self._window.tell_handler()  # it may have changed before we listened
            async for event in events:
                if event.get("type") != "turn":
                    await self._window.tell_handler()
                await self._window.take([shown(turn) for turn in turns_of(event)])
                await self._window.catch_up(event.get("seq"))

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            if self._window.waiting:  # others before this caller may have been taken
                await self._window.tell_handler()
            if self._window.behind or not self._chat.works("redis"):
                await self._window.tell_handler()
                await self._window.catch_up()
