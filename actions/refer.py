"""The right door for what belongs to another body: the reason said kindly, and the number."""

from typing import Any

from rasa_sdk.events import FollowupAction

from actions.base import Event, Heard, HotlineAction, Turn
from actions.services import Services
from bot.rules.handoff import Reason

EMERGENCIES = frozenset({"police", "fire", "medical"})
DECLINED = frozenset({"inform", "explain"})  # the rows' ``transfer`` that turns a caller away


class Refer(HotlineAction):
    """涉法涉诉, 涉密, 警情, 火情, 病情, and what is no government's business."""

    called = "action_refer"

    async def act(self, turn: Turn) -> list[Event]:
        if _goes_on(turn):
            return [FollowupAction("action_answer")]
        await guide(turn, self.services, turn.heard)
        if turn.heard.get("reason") in EMERGENCIES:
            await self.services.desk.hand_off(
                turn.session_id, reason=Reason.EMERGENCY, summary=turn.text, channel=turn.channel
            )
        return []


def _goes_on(turn: Turn) -> bool:
    """Whether it tells more about the question before ("I rent a flat"), and no word in it speaks
    for another body."""
    pending = turn.slot("pending") or {}
    asked = pending.get("kind") in ("told", "attribute", "choice")
    return asked and turn.heard.get("reason") == "other" and not turn.heard.get("evidence")


async def guide(turn: Turn, services: Services, heard: Heard, *, other_half: bool = False) -> None:
    """Name the door of one matter and note it. ``other_half``: beside a matter that is ours."""
    reason = heard.get("reason") or turn.heard.get("intent")
    row = services.referrals.get(str(heard.get("referral") or "")) or services.referrals.get(
        FALLBACK.get(str(reason), "not_government")
    )
    if row is None:
        raise KeyError("referrals.yml has no row for this matter")
    number = row.numbers[0] if row.numbers else None
    if other_half:
        turn.say("utter_other_half", part=str(heard.get("text", "")), says=row.says)
    else:
        basis = services.words["basis"].format(basis=row.basis) if row.transfer in DECLINED else ""
        turn.dispatcher.utter_message(text=row.says + basis)
    outcome = "emergency" if reason in EMERGENCIES else "referred"
    marks: dict[str, Any] = {"outcome": outcome, "referral": number, "door": row.id}
    if not other_half:
        marks["spoken"] = "".join(row.spoken)
    turn.mark(**marks)
    await services.desk.refer(
        turn.session_id, number=number or "", body=row.body, reason=str(reason or row.id)
    )


FALLBACK = {
    "police": "police",
    "fire": "fire",
    "medical": "medical",
    "judicial": "court",
    "secret": "secret",
    "other": "not_government",
}
