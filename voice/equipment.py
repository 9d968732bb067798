"""The ear's and the mouth's engines, made from the settings."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.rules.errors import Unavailable
from bot.settings import ROOT, Settings
from voice import stt
from voice.engine import Engine, Recognizer
from voice.local_voice import LocalVoice
from voice.phrases import phrases
from voice.remote_stt import RemoteRecognizer
from voice.script import Script
from voice.shared_sounds import SharedSounds, Store
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.tts import OutsideVoice

log = structlog.get_logger()

_DOWNLOAD_SECONDS = 1800.0


def recognizer(settings: Settings) -> Recognizer:
    """The one elsewhere, or the best model at hand, said plainly. Raises `Unavailable`."""
    if settings.stt_url:
        log.info("stt.remote", url=settings.stt_url, model=settings.stt_model)
        key = settings.stt_key.get_secret_value()
        return RemoteRecognizer(settings.stt_url, settings.stt_model, key)
    model = stt.at_hand(settings.stt_model)
    say = log.warning if model.demonstration else log.info
    say("stt.model", model=model.name, demonstration=model.demonstration, note=model.note)
    return stt.Recognizer(model)


@asynccontextmanager
async def mouth(
    settings: Settings, store: Store | None = None
) -> AsyncIterator[tuple[Speech, Script]]:
    """The voices, and the sentences that are known beforehand. ``store``: of spoken sentences, for
    several voice processes."""
    script = Script.load(phrases())
    local = LocalVoice()
    allowed = script.is_fixed if settings.speech_outside else (lambda _: False)
    speech = Speech(
        SoundCache(settings.data / "speech"),
        OutsideVoice(first_seconds=settings.speech_fallback_seconds),
        local,
        Voices(settings.voice_mandarin, settings.voice_cantonese),
        allowed,
        SharedSounds(store),
    )
    try:
        yield speech, script
    finally:
        await local.close()


async def better_model(settings: Settings, engine: Engine) -> None:
    """Fetch the model that should serve, in a process that a deadline can end; then change over."""
    if not engine.recognizer.model.demonstration or not settings.stt_download:
        return
    wanted = settings.stt_model or stt.default_name()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voice.stt", wanted, cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_DOWNLOAD_SECONDS):
            status = await child.wait()
    except TimeoutError:
        status = -1
    finally:
        if child.returncode is None:
            child.kill()
    if status != 0:
        log.warning("stt.no_hub", model=wanted)
        return
    try:
        engine.recognizer = await asyncio.to_thread(recognizer, settings)
    except Unavailable as error:
        log.warning("stt.not_loaded", model=wanted, reason=str(error))
