"""What a push means to the conversation: each is heard once, however often it is taken up.

Kinds of the mini-program's customer service: text, image, card, entering; of an official
account also voice and location. What is said comes out as turns of the session; sending them is
the postman's.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.chat import Hearing, Voice
from bot.channels.wechat.continued import home_of_picture, remind
from bot.channels.wechat.phrases import phrases
from bot.channels.wechat.platform import Platform
from bot.clock import Clock
from bot.desk import Desk
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.rules.hearing import clean
from bot.rules.session import Channel, Handler, Speaker, Status, Utterance
from bot.store import Person, Push, Store

log = logger(__name__)


@dataclass(frozen=True)
class Listener:
    """Takes pushes up. ``platforms`` by the account's name."""

    hearing: Hearing
    voice: Voice
    store: Store
    desk: Desk
    platforms: dict[str, Platform]
    clock: Clock

    async def take(self, push: Push, person: Person) -> None:
        """Hear it. Unavailable when it has to be tried again later."""
        if push.kind == "wxa_media_check":
            await self._verdict(push, person)
            return
        if push.kind == "unsubscribe":
            return
        session_id = str(push.session_id)
        await self.hearing.begin(session_id, Channel.WECHAT, person.phone, push.received_at)
        if person.phone:
            async with self.store.begin() as records:
                await remind(records, session_id, person, self.clock())
        taker = TAKERS.get(push.kind)
        if taker is not None:
            await taker(self, push, person)
        elif push.kind not in GREETED:
            await self._note(push, "unreadable")

    async def _text(self, push: Push, person: Person) -> None:
        await self._say(push, person, str(push.facts.get("Content", "")))

    async def _location(self, push: Push, person: Person) -> None:
        await self._say(push, person, str(push.facts.get("Label", "")))

    async def _voice(self, push: Push, person: Person) -> None:
        """The platform's own transcription where it gives one, ours otherwise."""
        text = str(push.facts.get("Recognition", "")).strip()
        if not text:
            try:
                text = await self._transcribed(push, person)
            except Rejected:
                await self._note(push, "voice_unclear", shown="unreadable_text")
                return
            except Unavailable as error:
                log.warning("wechat.voice_unavailable", reason=str(error))
                await self._note(push, "voice_unavailable", shown="unreadable_text")
                return
        await self._say(push, person, text, spoken=True)

    async def _transcribed(self, push: Push, person: Person) -> str:
        media_id = str(push.facts.get("MediaId", ""))
        _, recording = await self.platforms[person.account].media(media_id)
        mime = f"audio/{str(push.facts.get('Format', 'amr')).lower()}"
        return clean((await self.voice.transcribe(recording, mime)).text)

    async def _image(self, push: Push, person: Person) -> None:
        """Fetched and kept before anything is said about it."""
        try:
            _, data = await self.platforms[person.account].media(str(push.facts.get("MediaId", "")))
            await self._keep_picture(push, person, data)
        except Rejected as refused:
            log.warning("wechat.picture_refused", code=refused.code)
            await self._note(push, "picture_lost", shown="picture_text")
            return
        await self._note(push, "picture", shown="picture_text")

    async def _keep_picture(self, push: Push, person: Person, data: bytes) -> None:
        async with self.store.read() as records:
            session_id, ticket_no = await home_of_picture(
                records, str(push.session_id), person, push.received_at
            )
        await self.desk.add_picture(
            session_id, data, ticket_no=ticket_no, key=push.key, at=push.received_at
        )

    async def _verdict(self, push: Push, person: Person) -> None:
        """The platform's content check of something that was asked about."""
        result = push.facts.get("result")
        suggest = result.get("suggest") if isinstance(result, dict) else None
        verdict = "risky" if suggest == "risky" else "passed"
        async with self.store.begin() as records:
            await records.attachments.judged(str(push.facts.get("trace_id", "")), verdict)

    async def _card(self, push: Push, person: Person) -> None:
        await self._note(push, "card", shown="card_text")

    async def _say(self, push: Push, person: Person, text: str, *, spoken: bool = False) -> None:
        try:
            text = clean(text)
        except Rejected:
            await self._note(push, "unreadable")
            return
        session_id = str(push.session_id)
        utterance = Utterance(
            id=push.key,
            session_id=session_id,
            text=text,
            channel=Channel.WECHAT,
            heard_at=push.received_at,
            caller=person.phone,
            spoken=spoken,
        )
        outcome = await self.hearing.hear(utterance)
        async with self.store.read() as records:
            stored = await records.turns.outcome(session_id, push.key)
        if stored is None:  # an apology that nothing remembers: not heard yet
            raise Unavailable(f"not heard: {outcome.status.value}")

    async def _note(self, push: Push, reply: str, *, shown: str = "unreadable_text") -> None:
        """A push without words for the dialogue: what it was, and a sentence about it. An agent
        who has the caller answers it; the machine says nothing then."""
        session_id = str(push.session_id)
        async with self.store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            if await records.turns.heard(session_id, push.key) is not None:
                return
            await records.turns.add(
                session_id,
                Speaker.CALLER,
                phrases()[shown],
                push.received_at,
                utterance_id=push.key,
                status=Status.CLARIFIED.value,
            )
            if session.handler is not Handler.AGENT:
                await records.turns.add(
                    session_id,
                    Speaker.BOT,
                    phrases()[reply],
                    self.clock(),
                    status=Status.CLARIFIED.value,
                )


Taker = Callable[[Listener, Push, Person], Awaitable[None]]

TAKERS: dict[str, Taker] = {
    "text": Listener._text,
    "voice": Listener._voice,
    "image": Listener._image,
    "location": Listener._location,
    "miniprogrampage": Listener._card,
}
GREETED = frozenset({"user_enter_tempsession", "subscribe", "click"})  # by the session's beginning
