"""What the handlers of the voice process's HTTP need."""

from dataclasses import dataclass

from aiohttp import web

from voice.engine import Engine
from voice.lines import Lines
from voice.speech import Speech
from voice.switchboard import Switchboard


@dataclass(frozen=True)
class Desk:
    """One per process. ``language``: that of a recording which tells none."""

    engine: Engine
    speech: Speech
    lines: Lines
    switchboard: Switchboard
    language: str


DESK = web.AppKey("desk", Desk)
