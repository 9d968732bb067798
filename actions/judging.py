"""Whether an answer helped, in the caller's word: counted for its entry, seen by the editors."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Event, HotlineAction, Turn
from bot.rules.report import QUESTION


class Judge(HotlineAction):
    """It helped: thanks. It did not: the question can be taken down, or put to a person."""

    called = "action_judge"

    async def act(self, turn: Turn) -> list[Event]:
        pending: dict[str, Any] = turn.slot("pending") or {}
        helpful = turn.heard.get("intent") == "helpful"
        entry = pending.get("entry") if pending.get("kind") in ("told", "question") else None
        if entry is None and helpful:
            turn.say("utter_thank")
            return []
        if entry is None:
            return [FollowupAction("action_dissatisfied")]
        turn.mark(judged={"entry": entry, "helpful": helpful})
        if helpful:
            turn.say("utter_helpful")
            return []
        turn.say("utter_unhelpful")
        heard = {"kind": QUESTION, "category": pending.get("category")}
        return [SlotSet("pending", pending | {"kind": "question", "heard": heard})]
