"""A gateway's callback and a postman on real records and a real Redis, between a stand-in for
WeChat and a dialogue that says what it heard."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import guard
from bot.channels.speech import Heard, Sound
from bot.channels.tokens import Tokens
from bot.channels.wechat.account import Account
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.door import Door
from bot.channels.wechat.grading import Grading
from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.news import CALL_BACK, REMINDER, TRANSFERRED, Newsroom
from bot.channels.wechat.platform import Platform
from bot.channels.wechat.postman import Postman
from bot.channels.wechat.routes import add_wechat
from bot.clock import now
from bot.conversation import Conversation
from bot.desk import Desk
from bot.dialogue import words
from bot.dialogue.client import Said
from bot.live import Live
from bot.rules.errors import Unavailable
from bot.rules.session import Reply, Status, Utterance
from bot.store import Store
from tests.bot.channels.wechat.pages import Mini, knowledge
from tests.bot.conftest import BOTH
from tests.records import postgres_records, sqlite_records
from tests.wechat_server import AES_KEY, APP_ID, SECRET, TOKEN, Pusher, WeChat, served

ACCOUNT = Account("miniprogram", APP_ID, SECRET, TOKEN, AES_KEY)
KEY = b"a key for tests"
TEMPLATES = {
    CALL_BACK: "template-of-results",
    TRANSFERRED: "template-of-transfers",
    REMINDER: "template-of-reminders",
}
TEMPLATE = TEMPLATES[CALL_BACK]
plain = replace(ACCOUNT, aes_key="")
on_both = pytest.mark.parametrize("database_url", BOTH, indirect=True)
_numbers = count(1)


@dataclass
class Parrot:
    """A dialogue that repeats; ``broken`` makes it fail, ``meanwhile`` happens as it thinks."""

    asked: list[Utterance] = field(default_factory=list)
    replies: tuple[str, ...] = ("heard: {}",)
    broken: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def ask(self, utterance: Utterance) -> Said:
        self.asked.append(utterance)
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.broken:
            raise Unavailable("no dialogue")
        said = tuple(Reply(text.format(utterance.text)) for text in self.replies)
        return Said(said, Status.ANSWERED)


class FakeVoice:
    """Hears the words that a recording consists of."""

    async def transcribe(self, recording: bytes, mime: str) -> Heard:
        return Heard(recording.decode(), 0.9, False)

    async def speak(self, text: str) -> Sound:
        return Sound("audio/mpeg", text.encode())


@dataclass
class Time:
    """A clock that is moved by hand."""

    moved: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.moved

    def seconds(self) -> float:
        return self().timestamp()


@dataclass
class World:
    """Everything between a caller's WeChat and the dialogue."""

    store: Store
    desk: Desk
    platform: WeChat
    account: Account
    parrot: Parrot
    callback: Callback
    listener: Listener
    postman: Postman
    wechat: Platform
    pusher: Pusher
    client: TestClient
    time: Time

    def second_postman(self) -> Postman:
        """Another process's."""
        return Postman(self.store, self.listener, Newsroom(self.store, TEMPLATES), self.time)


@pytest.fixture
def account() -> Account:
    """In the platform's secure mode."""
    return ACCOUNT


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Empty records: SQLite, and PostgreSQL too where a test is ``on_both``."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return sqlite_records(tmp_path)
    return postgres_records(request.getfixturevalue("postgres"), f"wechat{next(_numbers)}")


@pytest.fixture
async def records(database_url: str) -> AsyncIterator[Store]:
    """An empty store."""
    store = await Store.open(database_url)
    yield store
    await store.close()


@pytest.fixture
async def world(records: Store, live: Live, account: Account) -> AsyncIterator[World]:
    """One account, one gateway, one postman."""
    await live.delete(f"wechat:token:{account.name}")
    time, parrot = Time(), Parrot()
    platform = WeChat(clock=time.seconds)
    desk = Desk(records, live)
    conversation = Conversation(
        store=records,
        desk=desk,
        live=live,
        dialogue=parrot,  # type: ignore[arg-type]
        screen=lambda text: None,
        words=words.load(),
        clock=time,
    )
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(platform))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        wechat = Platform.over(account, http, live, address, 2.0)
        callback = Callback({account.name: account}, records, live, KEY, time)
        app = web.Application()
        add_wechat(app, callback)
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        hearing = Grading(conversation, records, desk, conversation.screen, time)
        listener = Listener(hearing, FakeVoice(), records, desk, {account.name: wechat}, time)
        postman = Postman(records, listener, Newsroom(records, TEMPLATES), time)
        pusher = Pusher(
            platform, str(client.make_url(f"/wechat/{account.name}")), http, bool(account.aes_key)
        )
        yield World(
            records,
            desk,
            platform,
            account,
            parrot,
            callback,
            listener,
            postman,
            wechat,
            pusher,
            client,
            time,
        )


@pytest.fixture
async def mini(world: World) -> AsyncIterator[Mini]:
    """The gateway with the mini-program's API."""
    door = Door(
        platform=world.wechat,
        store=world.store,
        desk=world.desk,
        live=world.callback._live,
        hearing=world.listener.hearing,
        voice=world.listener.voice,
        tokens=Tokens(KEY),
        key=KEY,
        clock=world.time,
        knowledge=knowledge,
        templates=TEMPLATES,
        public_url="https://12345.example",
    )
    app = web.Application(middlewares=[guard.headers, guard.errors, guard.peer])
    add_wechat(app, world.callback, door)
    async with TestClient(TestServer(app)) as client:
        yield Mini(world, client, door)
