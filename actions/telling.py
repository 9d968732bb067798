"""An entry's answer in its two forms: for reading with source and date, and for hearing."""

from collections.abc import Sequence

from actions.base import Turn
from actions.services import Services
from knowledge_base.entry import Entry


def tell(
    turn: Turn, entry: Entry, response: str = "utter_answer", buttons: Sequence[str] = ()
) -> None:
    """An entry's answer, with its source and the date its facts hold for."""
    turn.say(
        response,
        buttons=[{"title": say, "payload": say} for say in buttons],
        answer=entry.answer,
        source="、".join(source.document for source in entry.source),
        as_of=entry.as_of.isoformat(),
    )


def spoken(entry: Entry, services: Services) -> str:
    """What is said of an entry; of facts older than their theme allows also from when they are."""
    said = "".join(entry.spoken)
    if not entry.stale_on(services.clock().date()):
        return said
    words, day = services.words["dated"], entry.as_of
    year = "".join(words["digits"][int(digit)] for digit in str(day.year))
    return said + str(words["says"]).format(year=year, month=words["months"][day.month - 1])
