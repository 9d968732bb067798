"""The ear's and the mouth's engines, made from the settings."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.rules.errors import Unavailable
from bot.settings import ROOT, Settings
from voice import stt
from voice.engine import Engine
from voice.lane import Recognizer
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
_PARTIAL_BEAM = 1  # words of danger are looked for, not every word


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


def partial_recognizer(settings: Settings) -> Recognizer | None:
    """The small model for what is still being said; None where the turns' does both, or does until
    it is fetched. Always on this machine. Raises `Unavailable` where it cannot be had.
    """
    wanted = settings.stt_partial_model
    if not wanted:
        return None
    try:
        model = stt.named(wanted)
    except Unavailable as error:
        raise Unavailable(f"HOTLINE_STT_PARTIAL_MODEL: {error}") from error
    if model is None:
        if not settings.stt_download:
            raise Unavailable(f"HOTLINE_STT_PARTIAL_MODEL: {wanted} is not on this machine")
        return None
    log.info("stt.partial_model", model=model.name)
    return stt.Recognizer(model, beam=_PARTIAL_BEAM)


def engine(settings: Settings) -> Engine:
    """Both, before one queue. Raises `Unavailable`."""
    return Engine(recognizer(settings), partial=partial_recognizer(settings))


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


async def better_models(settings: Settings, engine: Engine) -> None:
    """Fetch the models that should serve, and change over to each as it comes."""
    if not settings.stt_download:
        return
    wanted = settings.stt_model or stt.default_name()
    if engine.recognizer.model.demonstration and await _fetched(wanted):
        try:
            engine.recognizer = await asyncio.to_thread(recognizer, settings)
        except Unavailable as error:
            log.warning("stt.not_loaded", model=wanted, reason=str(error))
    small = settings.stt_partial_model
    if small and engine.partial is None and await _fetched(small):
        try:
            found = await asyncio.to_thread(partial_recognizer, settings)
            if found is not None:
                engine.partial = found
        except Unavailable as error:
            log.warning("stt.not_loaded", model=small, reason=str(error))


async def _fetched(name: str) -> bool:
    """Whether the model could be fetched, in a process that a deadline can end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voice.stt", name, cwd=ROOT,
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
        log.warning("stt.no_hub", model=name)
    return status == 0
