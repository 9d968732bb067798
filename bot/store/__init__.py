"""Records in SQL: the only door to SQLAlchemy. ``Store.open`` it, ``begin`` a transaction."""

from bot.store.agents import Agent
from bot.store.attachments import Attachment
from bot.store.audit import Look
from bot.store.call_backs import CallBack, CallBackKind
from bot.store.deadlines import Due
from bot.store.gaps import WeeklyGap
from bot.store.history import Event
from bot.store.missed import Missed
from bot.store.notes import Note
from bot.store.outbox import Letter, NewLetter
from bot.store.ratings import Rated, Rating
from bot.store.records import Records
from bot.store.referrals import Referral
from bot.store.reports import Burst, Misrouting, Topic, UnitMonth
from bot.store.scores import Score
from bot.store.sessions import Session
from bot.store.store import Store
from bot.store.tickets import Identity, TicketFilter
from bot.store.trials import Trial
from bot.store.turns import UNHELPFUL, Turn
from bot.store.verdicts import Tally
from bot.store.wechat_inbox import NewPush, Push
from bot.store.wechat_lines import Line
from bot.store.wechat_news import Item
from bot.store.wechat_people import Person

__all__ = [
    "UNHELPFUL",
    "Agent",
    "Attachment",
    "Burst",
    "CallBack",
    "CallBackKind",
    "Due",
    "Event",
    "Identity",
    "Item",
    "Letter",
    "Line",
    "Look",
    "Misrouting",
    "Missed",
    "NewLetter",
    "NewPush",
    "Note",
    "Person",
    "Push",
    "Rated",
    "Rating",
    "Records",
    "Referral",
    "Score",
    "Session",
    "Store",
    "Tally",
    "TicketFilter",
    "Topic",
    "Trial",
    "Turn",
    "UnitMonth",
    "WeeklyGap",
]
