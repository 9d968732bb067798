"""The parts of a process that talk with WeChat, from the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from aiohttp import ClientSession

from bot.channels.chat import Chat
from bot.channels.speech import Speech
from bot.channels.wechat.account import accounts
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.door import Door
from bot.channels.wechat.grading import Grading
from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.news import CALL_BACK, REMINDER, TRANSFERRED, Newsroom
from bot.channels.wechat.platform import Platform
from bot.channels.wechat.postman import Postman
from bot.clock import now
from bot.live import Live
from bot.secret import signing_key
from bot.settings import Settings
from bot.wiring import Office, conversation
from knowledge_base.knowledge import KnowledgeBase


@asynccontextmanager
async def postman(settings: Settings, office: Office) -> AsyncIterator[Postman | None]:
    """The postman; None where no account is set up."""
    if not accounts(settings):
        yield None
        return
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(ClientSession(trust_env=True))
        talk = await stack.enter_async_context(conversation(settings, office))
        hearing = Grading(talk, office.store, office.desk, talk.screen, now)
        voice = Speech(
            http, f"http://127.0.0.1:{settings.voice_port}", seconds=settings.voice_seconds
        )
        over = platforms(settings, http, office.live)
        listener = Listener(hearing, voice, office.store, office.desk, over, now)
        news = Newsroom(office.store, templates(settings))
        yield Postman(office.store, listener, news, now)


def open_callback(settings: Settings, office: Office) -> Callback:
    """What WeChat's servers call, over the records of this process."""
    return Callback(accounts(settings), office.store, office.live, signing_key(settings), now)


def open_door(settings: Settings, office: Office, chat: Chat, http: ClientSession) -> Door | None:
    """The mini-program's API; None where no mini-program is set up."""
    platform = platforms(settings, http, office.live).get("miniprogram")
    if platform is None:
        return None
    return Door(
        platform=platform,
        store=office.store,
        desk=office.desk,
        live=office.live,
        hearing=chat.hearing,
        voice=chat.voice,
        tokens=chat.tokens,
        key=signing_key(settings),
        clock=now,
        knowledge=cache(KnowledgeBase),
        templates=templates(settings),
        public_url=settings.public_url,
    )


def templates(settings: Settings) -> dict[str, str]:
    """The subscription template of each kind of news that has one."""
    found = {
        TRANSFERRED: settings.wechat_transferred_template,
        CALL_BACK: settings.wechat_result_template,
        REMINDER: settings.wechat_call_back_template,
    }
    return {kind: template for kind, template in found.items() if template}


def platforms(settings: Settings, http: ClientSession, live: Live) -> dict[str, Platform]:
    """WeChat's servers, for each account that is set up."""
    return {
        name: Platform.over(account, http, live, settings.wechat_url, settings.wechat_seconds)
        for name, account in accounts(settings).items()
    }
