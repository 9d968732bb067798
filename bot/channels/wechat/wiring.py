"""The parts of a process that talk with WeChat, from the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from bot.channels.speech import Speech
from bot.channels.wechat.account import accounts
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.platform import Platform
from bot.channels.wechat.postman import Postman
from bot.clock import now
from bot.live import Live
from bot.secret import signing_key
from bot.settings import Settings
from bot.wiring import Office, conversation


@asynccontextmanager
async def postman(settings: Settings, office: Office) -> AsyncIterator[Postman | None]:
    """The postman; None where no account is set up."""
    if not accounts(settings):
        yield None
        return
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(trust_env=True))
        hearing = await stack.enter_async_context(conversation(settings, office))
        voice = Speech(
            http, f"http://127.0.0.1:{settings.voice_port}", seconds=settings.voice_seconds
        )
        over = platforms(settings, http, office.live)
        listener = Listener(hearing, voice, office.store, over, now)
        yield Postman(office.store, listener, over, now)


def open_callback(settings: Settings, office: Office) -> Callback:
    """What WeChat's servers call, over the records of this process."""
    return Callback(accounts(settings), office.store, office.live, signing_key(settings), now)


def platforms(settings: Settings, http: aiohttp.ClientSession, live: Live) -> dict[str, Platform]:
    """WeChat's servers, for each account that is set up."""
    return {
        name: Platform.over(account, http, live, settings.wechat_url, settings.wechat_seconds)
        for name, account in accounts(settings).items()
    }
