"""The gateway process: its parts, wired from the settings, and served until told to stop."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web

from bot import encoding, rasa
from bot.application import create_app
from bot.attendance import Attendance
from bot.channels.chat import Chat
from bot.channels.phone import add_calls
from bot.channels.pictures import add_pictures
from bot.channels.speech import Speech
from bot.channels.tokens import Tokens
from bot.channels.transcript import Recorded
from bot.channels.wechat.routes import add_wechat
from bot.channels.wechat.wiring import open_callback, open_door
from bot.clock import now
from bot.console.issuer import Client, Issuer
from bot.console.parts import open_console
from bot.console.routes import add_console
from bot.console.single_sign_on import SingleSignOn, read_roles
from bot.console.voice_line import VoiceLine
from bot.counting import Gauges, count_utterance
from bot.exchange import add_exchange, open_exchange
from bot.health import Check, Health, by_asking, over_http
from bot.rules.errors import Unavailable
from bot.secret import signing_key
from bot.settings import Settings
from bot.steadiness import steady
from bot.store import Store
from bot.wiring import Office, conversation, office, recordings

SHUTDOWN_SECONDS = 8.0
SETTLED_SECONDS = 20.0  # after which the knowledge base is open and the models are read


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[web.Application]:
    """The application over everything it needs, opened and given back at the end."""
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(office(settings))
        hearing = await stack.enter_async_context(
            conversation(settings, opened, observe=count_utterance)
        )
        http = await stack.enter_async_context(aiohttp.ClientSession())
        health = Health(checks(settings, opened, http), now)
        chat = Chat(
            hearing=hearing,
            transcript=Recorded(opened.store, Attendance(opened.live, opened.store, now)),
            voice=Speech(http, voice_url(settings), settings.voice_seconds),
            live=opened.live,
            tokens=Tokens(signing_key(settings)),
            clock=now,
            works=health.works,
            listens=lambda: listens(health),
            leave_number=opened.desk.leave_number,
        )
        app = create_app(chat, health, Gauges(opened.store, opened.desk, now).refresh)
        add_pictures(app, opened.desk, chat)
        add_calls(app, http, voice_url(settings), opened.live)
        console = open_console(
            opened.desk,
            opened.store,
            opened.live,
            now,
            second_factor=settings.desk_second_factor,
            entries=settings.entries,
            vectors=encoding.vectors(settings),
            reviewed=settings.entries_reviewed,
        )
        add_console(
            app,
            console,
            recordings(settings),
            chat.voice.speak,
            sign_on(settings, http),
            VoiceLine(http, voice_url(settings)),
        )
        add_exchange(app, open_exchange(opened.desk, *exchange_secrets(settings), now))
        add_wechat(app, open_callback(settings, opened), open_door(settings, opened, chat, http))
        yield app


def sign_on(settings: Settings, http: aiohttp.ClientSession) -> SingleSignOn | None:
    """How people sign in by OpenID Connect; None where it is off."""
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    client = Client(settings.oidc_issuer, settings.oidc_client_id, secret)
    roles = read_roles(settings.oidc_roles)
    issuer = Issuer(http, client, now)
    return SingleSignOn(issuer, settings.oidc_role_claim, roles, settings.public_url)


def exchange_secrets(settings: Settings) -> tuple[str, str]:
    """What is shared with the dispatch system, and with those who use Open311."""
    return settings.dispatch_secret.get_secret_value(), settings.open311_keys.get_secret_value()


def checks(settings: Settings, opened: Office, http: aiohttp.ClientSession) -> Mapping[str, Check]:
    """How each process is asked for its health."""
    return {
        "database": by_asking(lambda: records_answer(opened.store)),
        "redis": by_asking(opened.live.healthy),
        "rasa": over_http(http, settings.rasa_url + rasa.HEALTH),
        "actions": over_http(http, f"http://127.0.0.1:{settings.actions_port}/health"),
        "voice": over_http(http, f"{voice_url(settings)}/health"),
        "worker": over_http(http, f"http://127.0.0.1:{settings.worker_port}/health"),
    }


async def records_answer(store: Store) -> bool:
    """Whether the database answers a read."""
    try:
        async with store.read() as records:
            await records.handoffs.counted()
    except Unavailable:
        return False
    return True


def listens(health: Health) -> str:
    """What listens to a page's recordings: a full model, the demonstration one, or none."""
    if not health.works("voice"):
        return "none"
    return "demonstration" if health.answer("voice").get("demonstration") else "full"


def voice_url(settings: Settings) -> str:
    """Where the voice process is."""
    return f"http://127.0.0.1:{settings.voice_port}"


async def serve(settings: Settings) -> None:
    """Serve until cancelled."""
    async with application(settings) as app:
        runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_SECONDS, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.host, settings.port, reuse_port=True)
            await site.start()
            await asyncio.sleep(SETTLED_SECONDS)
            steady()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
