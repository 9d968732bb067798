"""``./hotline voice``: the speech engines, the phone's media and HTTP, wired here."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from bot.alarm import Alarm, load_alarm
from bot.calling import Robot
from bot.clock import now
from bot.dialogue import words
from bot.recordings import Recordings
from bot.settings import Settings
from bot.steadiness import BEFORE_OTHERS, steady
from bot.wiring import Office, conversation, office, recordings
from knowledge_base.districts import districts
from voice import equipment
from voice.desk import Desk
from voice.hot_words import HotWords
from voice.http import application
from voice.lines import Lines
from voice.manager import Manager
from voice.outbound import Outbound
from voice.people.desk import Agents
from voice.recorder import Sink
from voice.service import Service
from voice.switchboard import Switchboard

log = structlog.get_logger()


def recorded(settings: Settings, kept: Recordings) -> Callable[[str], Sink | None]:
    """Where a call's recording goes; a full disk costs the recording, not the call."""

    def begin(session: str) -> Sink | None:
        if settings.record_calls == "never":
            return None
        try:
            return kept.begin(session)
        except OSError as error:
            log.error("recording.not_begun", reason=str(error))
            return None

    return begin


async def forget(settings: Settings, kept: Recordings) -> None:
    """Delete what is older than it may be, every hour."""
    while True:
        gone = await asyncio.to_thread(kept.forget, settings.recording_days)
        if gone:
            log.info("recordings.forgotten", calls=gone)
        await asyncio.sleep(3600)


def outbound(settings: Settings, opened: Office, lines: Lines, alarm: Alarm) -> Outbound:
    """Calls that we make: the desk's call-backs, by Asterisk."""
    robot = Robot(opened.store, opened.desk, words.load(), alarm, now)
    secret = settings.asterisk_secret.get_secret_value()
    manager = Manager(settings.asterisk_manager, secret)
    half = settings.most_calls // 2  # the other half is for those who call us
    return Outbound(robot, manager, lines, room=lambda: lines.active < half)


async def serve(settings: Settings) -> None:
    """Until a signal ends it."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        engine = await asyncio.to_thread(equipment.engine, settings)
        opened = await stack.enter_async_context(office(settings))
        mouth = equipment.mouth(settings, opened.live)
        speech, script = await stack.enter_async_context(mouth)
        alarm = await asyncio.to_thread(load_alarm)
        talk = await stack.enter_async_context(conversation(settings, opened, alarm=alarm))
        kept = recordings(settings)
        service = Service(
            talk,
            engine,
            speech,
            now,
            settings.stt_language,
            urgent=alarm.rings,
            left=talk.left,
            record=recorded(settings, kept),
            hot_words=HotWords(districts()).of,
        )
        lines = Lines(settings.most_calls)
        people = Agents(opened.store, opened.desk, opened.live)
        switchboard = Switchboard(lines, service, people)
        desk = Desk(engine, speech, lines, switchboard, settings.stt_language)
        runner = web.AppRunner(application(desk), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        async with asyncio.TaskGroup() as group:
            jobs = [
                group.create_task(engine.run()),
                group.create_task(speech.keep_trying(script.fixed)),
                group.create_task(equipment.better_models(settings, engine)),
                group.create_task(forget(settings, kept)),
            ]
            if settings.asterisk_manager:
                calls = outbound(settings, opened, lines, alarm)
                jobs.append(group.create_task(calls.run()))
            await asyncio.gather(engine.warm_up(), speech.warm_up())
            steady(priority=BEFORE_OTHERS)
            await web.TCPSite(runner, settings.media_host, settings.voice_port).start()
            server = await switchboard.listen(settings.media_host, settings.audiosocket_port)
            stack.callback(server.close)
            log.info("voice.ready", port=settings.voice_port, calls=settings.audiosocket_port)
            await stop.wait()
            for job in jobs:
                job.cancel()
