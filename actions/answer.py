"""A question: answered from the knowledge base with its source, or honestly not."""

from rasa_sdk.events import SlotSet

from actions.base import Event, HotlineAction, Turn
from knowledge_base.knowledge import Finding


class Answer(HotlineAction):
    """Never the nearest wrong answer: an entry, a choice of entries, or "I do not know"."""

    called = "action_answer"

    async def act(self, turn: Turn) -> list[Event]:
        pending = turn.slot("pending") or {}
        text = turn.text
        if pending.get("kind") == "attribute":
            text = f"{pending['question']}{text}"
        finding = self.services.knowledge.find(
            text,
            on=self.services.clock().date(),
            district=turn.heard.get("district"),
            previous=turn.slot("last_entry"),
        )
        if finding.kind == "answered" and finding.entry is not None:
            return self._answered(turn, finding)
        if finding.kind == "close":
            return self._close(turn, finding)
        return self._unknown(turn)

    def _answered(self, turn: Turn, finding: Finding) -> list[Event]:
        entry = finding.entry
        assert entry is not None
        turn.say(
            "utter_answer",
            answer=entry.answer,
            source="、".join(source.document for source in entry.source),
            as_of=entry.as_of.isoformat(),
        )
        turn.mark(outcome="answered", entry=entry.id, spoken="".join(entry.spoken))
        return [SlotSet("last_entry", entry.id), SlotSet("pending", None)]

    def _close(self, turn: Turn, finding: Finding) -> list[Event]:
        if finding.ask:
            turn.dispatcher.utter_message(text=finding.ask)
            turn.mark(outcome="clarified")
            return [SlotSet("pending", {"kind": "attribute", "question": turn.text})]
        questions = [match.entry.question for match in finding.matches]
        buttons = [{"title": question, "payload": question} for question in questions]
        turn.say("utter_answer_close", buttons=buttons)
        turn.mark(gap={"kind": "close", "district": turn.heard.get("district")})
        return [SlotSet("pending", {"kind": "choice", "questions": questions})]

    def _unknown(self, turn: Turn) -> list[Event]:
        turn.mark(gap={"kind": "unknown", "district": turn.heard.get("district")})
        if turn.in_report:
            turn.say("utter_answer_later")
            return []
        turn.say("utter_answer_unknown")
        return [SlotSet("pending", {"kind": "question", "question": turn.text})]
