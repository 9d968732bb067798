"""One transaction over everything that is recorded."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.agents import Agents
from bot.store.attachments import Attachments
from bot.store.audit import Audit
from bot.store.call_backs import CallBacks
from bot.store.contacts import Contacts
from bot.store.deadlines import Deadlines
from bot.store.forgetting import Forgetting
from bot.store.gaps import Gaps
from bot.store.handoffs import Handoffs
from bot.store.history import History
from bot.store.missed import MissedCalls
from bot.store.notes import Notes
from bot.store.notices import Notices
from bot.store.outbox import Outbox
from bot.store.ratings import Ratings
from bot.store.referrals import Referrals
from bot.store.reports import Reports
from bot.store.scores import Scores
from bot.store.sessions import Sessions
from bot.store.switches import Switches
from bot.store.tickets import Tickets
from bot.store.trials import Trials
from bot.store.turns import Turns
from bot.store.verdicts import Verdicts
from bot.store.wechat_inbox import Inbox
from bot.store.wechat_lines import Lines
from bot.store.wechat_news import News
from bot.store.wechat_people import People


class Records:
    """The repositories of one transaction; all commit together or not at all."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.sessions = Sessions(connection)
        self.turns = Turns(connection)
        self.tickets = Tickets(connection)
        self.history = History(connection)
        self.deadlines = Deadlines(connection)
        self.outbox = Outbox(connection)
        self.handoffs = Handoffs(connection)
        self.call_backs = CallBacks(connection)
        self.notices = Notices(connection)
        self.verdicts = Verdicts(connection)
        self.gaps = Gaps(connection)
        self.trials = Trials(connection)
        self.referrals = Referrals(connection)
        self.ratings = Ratings(connection)
        self.forgetting = Forgetting(connection)
        self.reports = Reports(connection)
        self.contacts = Contacts(connection)
        self.missed = MissedCalls(connection)
        self.notes = Notes(connection)
        self.switches = Switches(connection)
        self.scores = Scores(connection)
        self.audit = Audit(connection)
        self.agents = Agents(connection)
        self.people = People(connection)
        self.inbox = Inbox(connection)
        self.lines = Lines(connection)
        self.news = News(connection)
        self.attachments = Attachments(connection)
