"""Who speaks when: a pure state machine. An event and the time in, commands out.

Every event has one handler: those of the line are here, those of the caller's voice in
`voice.hearing`, those of the jobs in `voice.answering`. None knows a line, a clock or a model.
Rules: a job's result with an old turn number is dropped; closing words are not interrupted; the
second failure in a row, and the third utterance not understood, lead to a person; nobody waits
in silence; words of danger are acted on while the caller still speaks.
"""

from collections.abc import Callable
from typing import Any

from bot.rules.session import Next
from voice import answering, hearing, segments, signals
from voice.floor import Floor, Question, State
from voice.mouth import Mouth
from voice.phrases import Phrases
from voice.signals import Command, Drop, End, Event, Transcript
from voice.tongue import MANDARIN


class Turns:
    """One call. ``on`` is its only verb. ``urgent`` knows the words of danger; ``language`` is the
    one that a call begins in."""

    def __init__(
        self,
        phrases: Phrases,
        urgent: Callable[[str], bool] = lambda text: False,
        language: str = MANDARIN,
    ) -> None:
        self._floor = Floor(phrases, urgent, mouth=Mouth(language))

    @property
    def state(self) -> State:
        """What is going on."""
        return self._floor.state

    @property
    def turn(self) -> int:
        """The number of the turn; jobs carry it."""
        return self._floor.turn

    def on(self, event: Event, now: float) -> list[Command]:
        """What to do about ``event`` at ``now`` (seconds on the line's clock)."""
        if self._floor.state is State.ENDED:
            return []
        handler = _HANDLERS.get(type(event))
        return handler(self._floor, event, now) if handler else []


def _began(floor: Floor, _: signals.Began, now: float) -> list[Command]:
    floor.state = State.THINKING
    floor.question = Question(floor.turn)
    return [signals.Begin(floor.turn)]


def _hung_up(floor: Floor, _: signals.HungUp, now: float) -> list[Command]:
    floor.state = State.ENDED
    return [Drop(), End(Next.HANG_UP)]


def _taken(floor: Floor, _: signals.Taken, now: float) -> list[Command]:
    floor.state = State.ENDED
    return [Drop(), End(Next.AGENT)]


def _ticked(floor: Floor, _: signals.Ticked, now: float) -> list[Command]:
    keyed = floor.keypad.wait(now)
    if keyed:
        return floor.ask(Transcript(keyed, 1.0, ""), now, spoken=False)
    if floor.state is State.LISTENING and (step := floor.silence.due(now)):
        after = Next.HANG_UP if step == "goodbye" else Next.LISTEN
        gain = 4.0 if step == "still_there_again" else 0.0
        return floor.say(step, after=after, gain_db=gain)
    waited = floor.fill_at is not None and now >= floor.fill_at
    return floor.fill() if waited and floor.state is State.THINKING else []


def _key_pressed(floor: Floor, event: signals.KeyPressed, now: float) -> list[Command]:
    if not floor.interruptible:
        return []
    hush: list[Command] = [Drop()] if floor.saying else []
    if hush:
        floor.saying = None
        floor.state = State.LISTENING
    floor.silence.wait(now)
    if event.key == "*":
        return hush + floor.repeat()
    complete = floor.keypad.press(event.key, now)
    if complete is None:
        return hush
    text = floor.phrases.person if complete == "0" else complete
    return hush + floor.ask(Transcript(text, 1.0, ""), now, spoken=False)


_HANDLERS: dict[type, Callable[[Floor, Any, float], list[Command]]] = {
    signals.Began: _began,
    signals.HungUp: _hung_up,
    signals.Taken: _taken,
    signals.Ticked: _ticked,
    signals.KeyPressed: _key_pressed,
    segments.VoiceStarted: hearing.started,
    segments.VoiceContinued: hearing.continued,
    segments.VoiceLasted: hearing.lasted,
    segments.VoicePaused: hearing.paused,
    segments.VoiceResumed: hearing.resumed,
    segments.VoiceStopped: hearing.stopped,
    signals.Transcribed: hearing.transcribed,
    signals.Answered: answering.answered,
    signals.Played: answering.played,
    signals.Failed: answering.failed,
}
