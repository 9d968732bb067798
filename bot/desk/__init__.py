"""Desk: the only thing that changes a ticket or a handoff, whoever asks."""

from bot.desk.calling import Calling, Errand
from bot.desk.clocks import Clocks
from bot.desk.counter import Announcer, Rulebook
from bot.desk.drafting import Drafting
from bot.desk.forgetting import Forgetting
from bot.desk.missed import MissedCallers
from bot.desk.noticing import Noticing
from bot.desk.progress import Progress
from bot.desk.reading import Reading
from bot.desk.supplements import Supplements, supplement
from bot.desk.switching import Switching

__all__ = ["Announcer", "Desk", "Errand", "Rulebook", "supplement"]


class Desk(
    Drafting,
    MissedCallers,
    Switching,
    Progress,
    Calling,
    Noticing,
    Forgetting,
    Supplements,
    Clocks,
    Reading,
):
    """The desk of one process, over a store, an announcer (or none) and the city's tables.

    Raises NotFound for what is not there, Rejected (with ``code`` and ``field``) for what may
    not be, Unavailable when the records do not answer.
    """
