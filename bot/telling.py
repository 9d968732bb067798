"""What is told of new turns: the turns themselves, so that whoever shows them reads nothing again.

A told turn may get lost; the records have it. Whoever misses a number reads there.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.rules.session import Speaker
from bot.store import Turn


def turn_event(turns: Sequence[Turn]) -> dict[str, Any]:
    """The event of turns that have just been committed, in order: at least one."""
    last = turns[-1]
    told = [asdict(turn) | {"at": turn.at.isoformat()} for turn in turns]
    return {"type": "turn", "seq": last.seq, "speaker": last.speaker.value, "turns": told}


def turns_of(event: dict[str, Any]) -> list[Turn]:
    """The turns of an event; none where it only says that there are some."""
    return [
        Turn(
            **told | {"speaker": Speaker(told["speaker"]), "at": datetime.fromisoformat(told["at"])}
        )
        for told in event.get("turns", ())
    ]
