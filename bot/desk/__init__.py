"""Desk: the only thing that changes a ticket or a handoff, whoever asks."""

from bot.desk.clocks import Clocks
from bot.desk.counter import Announcer, Rulebook
from bot.desk.followup import Followup
from bot.desk.forgetting import Forgetting
from bot.desk.handoffs import Handoffs
from bot.desk.intake import Intake
from bot.desk.noticing import Noticing
from bot.desk.progress import Progress
from bot.desk.reading import Reading
from bot.desk.supplements import Supplements

__all__ = ["Announcer", "Desk", "Rulebook"]


class Desk(
    Intake, Progress, Followup, Noticing, Forgetting, Supplements, Clocks, Handoffs, Reading
):
    """The desk of one process, over a store, an announcer (or none) and the city's tables.

    Raises NotFound for what is not there, Rejected (with ``code`` and ``field``) for what may
    not be, Unavailable when the records do not answer.
    """
