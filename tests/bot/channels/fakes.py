"""A hotline behind the chat that holds everything in memory and says what it is told to."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.chat import Chat
from bot.channels.speech import Heard, Sound
from bot.channels.tokens import Tokens
from bot.clock import now
from bot.live import Live
from bot.rules.errors import Rejected, Unavailable
from bot.rules.session import Button, Channel, Outcome, Reply, Status, Utterance
from bot.rules.waiting import Wait
from bot.store import Missed

CARD = {
    "kind": "ticket",
    "ticket_no": "GZ20260105000001",
    "category": "路灯",
    "content": "路灯不亮",
    "address": "车陂路1号",
    "unit": "市城管局",
}


class FakeTranscript:
    """Turns in a list a session; ``broken`` makes it unreadable."""

    def __init__(self) -> None:
        self.turns: dict[str, list[dict[str, Any]]] = {}
        self.handlers: dict[str, str] = {}
        self.broken = False

    async def since(self, session_id: str, after: int) -> list[dict[str, Any]]:
        if self.broken:
            raise Unavailable("records away")
        return [turn for turn in self.turns.get(session_id, []) if turn["seq"] > after]

    async def handler(self, session_id: str) -> str:
        return self.handlers.get(session_id, "bot")

    async def standing(self, session_id: str) -> tuple[int, Wait | None] | None:
        return 1, Wait(2, 3)

    def add(self, session_id: str, speaker: str, text: str, **more: Any) -> None:
        turns = self.turns.setdefault(session_id, [])
        turn = {"seq": len(turns) + 1, "speaker": speaker, "text": text, "at": now().isoformat()}
        turns.append(turn | more)


class FakeConversation:
    """Answers each utterance once: a ticket for a lamp, a question back for all else."""

    def __init__(self, transcript: FakeTranscript) -> None:
        self.transcript = transcript
        self.heard: list[Utterance] = []
        self.outcomes: dict[tuple[str, str], Outcome] = {}

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        self.transcript.add(session_id, "bot", "您好", status="greeted")
        return Outcome("", Status.GREETED, (Reply("您好"),))

    async def hear(self, utterance: Utterance) -> Outcome:
        key = (utterance.session_id, utterance.id)
        if key not in self.outcomes:
            self.heard.append(utterance)
            self.outcomes[key] = self._answer(utterance)
            self._note(utterance, self.outcomes[key])
        return self.outcomes[key]

    def _answer(self, utterance: Utterance) -> Outcome:
        if "灯" in utterance.text:
            due = now() + timedelta(minutes=14, seconds=30)
            reply = Reply("好", card=CARD | {"transfer_due_at": due.isoformat()})
            return Outcome(utterance.id, Status.TICKET_OPENED, (reply,), ticket_no="GZ1")
        buttons = (Button("是", "是"), Button("否", "否"))
        return Outcome(utterance.id, Status.ASKED, (Reply("哪里", buttons=buttons),))

    def _note(self, utterance: Utterance, outcome: Outcome) -> None:
        session = utterance.session_id
        self.transcript.add(session, "caller", utterance.text, id=utterance.id)
        for reply in outcome.replies:
            told = asdict(replace(reply, buttons=()))
            told["buttons"] = [asdict(button) for button in reply.buttons]
            self.transcript.add(session, "bot", told.pop("text"), status="asked", **told)


class FakeVoice:
    """Hears what it was told to; refuses what starts with ``text``."""

    def __init__(self) -> None:
        self.text = "路灯不亮"
        self.demonstration = True
        self.away = False

    async def transcribe(self, recording: bytes, mime: str) -> Heard:
        if self.away:
            raise Unavailable("away")
        if recording.startswith(b"text"):
            raise Rejected("not audio", code="audio_unreadable", field="audio")
        return Heard(self.text, 0.9, self.demonstration)

    async def speak(self, text: str) -> Sound:
        if self.away:
            raise Unavailable("away")
        return Sound("audio/wav", b"RIFF" + text.encode())


async def leave_number(session_id: str, phone: str) -> Missed:
    return Missed(session_id, "web", phone, "asked", now(), now())


def fake_chat(live: Live, **works: bool) -> Chat:
    """A chat on fakes and a real Redis; ``works`` names parts that are away."""
    transcript = FakeTranscript()
    return Chat(
        hearing=FakeConversation(transcript),
        transcript=transcript,
        voice=FakeVoice(),
        live=live,
        tokens=Tokens(b"key"),
        clock=now,
        works=lambda part: works.get(part, True),
        listens=lambda: "demonstration",
        leave_number=leave_number,
    )
