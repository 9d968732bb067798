"""What a caller said of an answer, into the records of the turn in which it was said."""

from bot.rules.session import Outcome, Utterance
from bot.store import Records

MEMORY_DAYS = 90  # how long a word of a caller counts for the editors


async def note_verdict(records: Records, utterance: Utterance, outcome: Outcome) -> None:
    """Counted for the entry; and an answer that did not help leaves its question open."""
    judged = outcome.facts.get("judged")
    if judged is None:
        return
    entry, helpful = str(judged["entry"]), bool(judged["helpful"])
    await records.turns.judged(utterance.session_id, entry, helpful=helpful)
    await records.verdicts.give(
        utterance.session_id,
        entry,
        helpful=helpful,
        channel=utterance.channel.value,
        at=utterance.heard_at,
    )
