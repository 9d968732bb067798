"""Writes down what became of each turn, from the events and commands that pass."""

from collections.abc import Callable

from bot.rules.session import Status
from voice.segments import VoiceStopped
from voice.signals import Answered, Ask, Command, Event, Failed, Say, SoundBegan, Transcribed
from voice.timing import TurnReport


class Reporter:
    """``report`` gets a turn when its answer begins to sound."""

    def __init__(self, report: Callable[[TurnReport], None]) -> None:
        self._report = report
        self._heard = TurnReport(0)
        self._turns: dict[int, TurnReport] = {}
        self._said: dict[int, TurnReport] = {}

    def note(self, happened: Event | Command, now: float) -> None:
        """An event or a command of the call, in order."""
        match happened:
            case VoiceStopped():
                self._heard = TurnReport(0, ended_at=now - happened.silence_seconds, stopped_at=now)
            case Transcribed(partial=False):
                self._heard.stt_ms = happened.transcript.stt_ms
            case Ask():
                self._asked(happened, now)
            case Answered():
                report = self._turns.get(happened.turn)
                if report is not None:
                    report.answered_at = now
                    report.status = happened.outcome.status.value
            case Failed():
                report = self._turns.get(happened.turn)
                if report is not None:
                    report.answered_at, report.status = now, Status.FAILED.value
            case Say():
                self._says(happened)
            case SoundBegan():
                report = self._said.pop(happened.number, None)
                if report is not None:
                    report.sounded_at = now
                    self._report(report)

    def _says(self, command: Say) -> None:
        if command.filler:
            return
        report = self._turns.pop(command.turn, None) or self._heard
        self._heard = TurnReport(0)
        report.turn, report.said = command.turn, command.texts
        self._said = {command.number: report}

    def _asked(self, command: Ask, now: float) -> None:
        report = self._heard if command.spoken else TurnReport(0)
        report.turn, report.heard, report.asked_at = command.turn, command.text, now
        report.confidence = command.confidence
        self._turns = {command.turn: report}
        self._heard = TurnReport(0)
