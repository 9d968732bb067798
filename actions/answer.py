"""A question: answered from the knowledge base with its source, or honestly not."""

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Event, HotlineAction, Turn
from actions.choosing import ask_which, chosen
from actions.services import Services
from actions.telling import spoken, tell
from bot.rules.report import TRIMMED
from knowledge_base.answering import Finding
from knowledge_base.entry import Entry


class Answer(HotlineAction):
    """Never the nearest wrong answer: an entry, a choice of entries, or "I do not know"."""

    called = "action_answer"

    async def act(self, turn: Turn) -> list[Event]:
        asked = ask_which(turn, self.services.words)
        if asked is not None:
            return asked
        pending = turn.slot("pending") or {}
        decided = self._decided(turn, pending)
        if decided is not None:
            return self._answered(turn, decided, f"{pending['question']}{turn.text}")
        text = chosen(turn) or self._question(turn, pending)
        finding = self.services.knowledge.find(
            text,
            on=self.services.clock().date(),
            district=turn.heard.get("district"),
            previous=turn.slot("last_entry"),
        )
        if finding.kind == "answered" and finding.entry is not None:
            question = turn.text if _adds_to_it(turn, pending) else text
            return self._answered(turn, finding.entry, question)
        last = self.services.knowledge.entry(turn.slot("last_entry") or "")
        if last is not None and pending.get("kind") == "told" and _adds_to_it(turn, pending):
            return self._answered(turn, last, turn.text)
        if finding.kind == "close":
            return self._close(turn, text, finding, pending.get("questions", ()))
        return self._unknown(turn)

    def _decided(self, turn: Turn, pending: dict[str, Any]) -> Entry | None:
        """The entry for which the answer to "which district?", "which household?" decides."""
        if pending.get("kind") != "attribute":
            return None
        return self.services.knowledge.decided(
            pending["entry"],
            turn.text,
            on=self.services.clock().date(),
            district=turn.heard.get("district"),
        )

    def _question(self, turn: Turn, pending: dict[str, Any]) -> str:
        """What is asked: this utterance, with the question before where it only adds to that."""
        questions = pending.get("questions", [])
        if questions and turn.heard.get("intent") == "affirm":
            return str(questions[0])
        for place, question in zip(self.services.words["places"], questions, strict=False):
            if turn.text == question or re.fullmatch(place, turn.text.strip(TRIMMED)):
                return str(question)
        if _decides(turn, pending) or _adds_to_it(turn, pending):
            return f"{pending['question']}{turn.text}"
        return turn.text

    def _answered(self, turn: Turn, entry: Entry, question: str) -> list[Event]:
        again = entry.id == turn.slot("last_entry")
        judged = turn.channel != "phone" and not turn.in_report
        buttons = self.services.words["judging"] if judged else ()
        tell(turn, entry, "utter_answer_again" if again else "utter_answer", buttons)
        district, category = turn.heard.get("district"), turn.heard.get("category")
        turn.mark(outcome="answered", entry=entry.id, spoken=spoken(entry, self.services))
        turn.mark(district=district)
        told = {"kind": "told", "question": question, "category": category, "entry": entry.id}
        pending = None if turn.in_report else told
        return [SlotSet("last_entry", entry.id), SlotSet("pending", pending)]

    def _close(
        self, turn: Turn, question: str, finding: Finding, offered: Sequence[str]
    ) -> list[Event]:
        """Which of these? Offered once: none of them was meant when they come up again. What
        decides is asked once, too, and then all that it may decide for are offered."""
        pending = turn.slot("pending") or {}
        asked_before = pending.get("kind") == "attribute" and pending.get("ask") == finding.ask
        if finding.ask and not asked_before:
            turn.dispatcher.utter_message(text=finding.ask)
            turn.mark(outcome="clarified")
            first, words = finding.matches[0].entry.id, list(finding.words)
            asked = {"kind": "attribute", "ask": finding.ask, "entry": first, "words": words}
            return [SlotSet("pending", asked | {"question": question})]
        questions = [match.entry.question for match in finding.matches]
        if set(questions) & set(offered):
            return self._unknown(turn)
        buttons = [{"title": question, "payload": question} for question in questions]
        turn.say("utter_answer_close", buttons=buttons)
        turn.mark(gap={"kind": "close", "district": turn.heard.get("district")})
        choice = {"kind": "choice", "question": question, "questions": questions}
        return [SlotSet("pending", choice)]

    def _unknown(self, turn: Turn) -> list[Event]:
        turn.mark(gap={"kind": "unknown", "district": turn.heard.get("district")})
        if turn.in_report:
            turn.say("utter_answer_later")
            return []
        turn.say("utter_answer_unknown")
        asked = {"question": turn.text, "category": turn.heard.get("category")}
        return [SlotSet("pending", {"kind": "question", **asked})]


def _decides(turn: Turn, pending: dict[str, Any]) -> bool:
    """Whether it may answer what decides, and is no other question."""
    own = turn.heard.get("intent") == "consult"
    named = any(word in turn.text for word in pending.get("words", ()))
    return pending.get("kind") == "attribute" and (named or not own)


def _adds_to_it(turn: Turn, pending: dict[str, Any]) -> bool:
    """Whether it is no question of its own, but tells more about the one before."""
    return pending.get("kind") in ("told", "choice") and turn.heard.get("intent") != "consult"


def answer_beside(turn: Turn, services: Services, question: str) -> None:
    """A question in one breath with a report: answered if it can be, or taken down with it."""
    found = services.knowledge.find(question, on=services.clock().date())
    if found.kind == "answered" and found.entry is not None:
        tell(turn, found.entry)
        turn.mark(spoken=spoken(found.entry, services))
    else:
        turn.say("utter_answer_later")
