"""Who speaks when: a pure state machine. An event and the time in, commands out.

All transitions live here; this file knows no line, no clock and no model. Rules: a job's result
with an old turn number is dropped; closing words are not interrupted; the second failure in a
row, and the third utterance not understood, lead to a person; nobody waits in silence; words of
danger are acted on while the caller still speaks.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from bot.rules.session import Next, Outcome
from voice import signals
from voice.expectations import expectation
from voice.floor import Ear, Question, State
from voice.keys import Keypad
from voice.mouth import Mouth
from voice.phrases import Phrases
from voice.segments import (
    VoiceContinued,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
    VoiceStopped,
)
from voice.signals import (
    Answered,
    Ask,
    Command,
    Drop,
    End,
    Event,
    Expect,
    Failed,
    Hold,
    KeyPressed,
    Played,
    Resume,
    Say,
    Transcribe,
    Transcribed,
    Transcript,
)
from voice.silence import Ladder

BARGE_IN_SECONDS = 0.25
SHORT_SECONDS = 0.4  # voice shorter than this that makes no word is not asked for again
FILLER_SECONDS = 2.5
MOST_FAILURES = 2
MOST_MISHEARD = 3


class Turns:
    """One call. ``on`` is its only verb. ``urgent`` knows the words of danger."""

    def __init__(
        self, phrases: Phrases, urgent: Callable[[str], bool] = lambda text: False
    ) -> None:
        self.state = State.LISTENING
        self.turn = 0
        self._phrases, self._urgent = phrases, urgent
        self._keypad = Keypad()
        self._silence = Ladder()
        self._ear = Ear()
        self._question: Question | None = None
        self._saying: Say | None = None
        self._after = Next.LISTEN  # what follows what is being said
        self._held = False
        self._fill_at: float | None = None  # when the caller has waited long enough
        self._failures = 0
        self._misheard = 0
        self._mouth = Mouth()

    def on(self, event: Event, now: float) -> list[Command]:
        """What to do about ``event`` at ``now`` (seconds on the line's clock)."""
        if self.state is State.ENDED:
            return []
        handler = _HANDLERS.get(type(event))
        return handler(self, event, now) if handler else []

    # the line

    def _began(self, _: signals.Began, now: float) -> list[Command]:
        self.state = State.THINKING
        self._question = Question(self.turn)
        return [signals.Begin(self.turn)]

    def _hung_up(self, _: signals.HungUp, now: float) -> list[Command]:
        self.state = State.ENDED
        return [Drop(), End(Next.HANG_UP)]

    def _ticked(self, _: signals.Ticked, now: float) -> list[Command]:
        keyed = self._keypad.wait(now)
        if keyed:
            return self._ask(Transcript(keyed, 1.0, ""), now, spoken=False)
        if self.state is State.LISTENING and (step := self._silence.due(now)):
            after = Next.HANG_UP if step == "goodbye" else Next.LISTEN
            gain = 4.0 if step == "still_there_again" else 0.0
            return self._say((step,), after=after, gain_db=gain)
        if self.state is State.THINKING and self._fill_at is not None and now >= self._fill_at:
            self._fill_at = None
            return [self._mouth.say(self.turn, (self._phrases.says["one_moment"],))]
        return []

    def _key_pressed(self, event: KeyPressed, now: float) -> list[Command]:
        if not self._interruptible:
            return []
        hush: list[Command] = [Drop()] if self._saying else []
        if hush:
            self._saying = None
            self.state = State.LISTENING
        self._silence.wait(now)
        if event.key == "*":
            return hush + self._repeat()
        complete = self._keypad.press(event.key, now)
        if complete is None:
            return hush
        text = self._phrases.person if complete == "0" else complete
        return hush + self._ask(Transcript(text, 1.0, ""), now, spoken=False)

    # the caller's voice

    def _voice_started(self, _: VoiceStarted, now: float) -> list[Command]:
        waiting_for_words = self.state is State.THINKING and self._question is None
        self._ear = self._ear.carry() if waiting_for_words else Ear(open=True)
        self._silence.stop()
        if self.state in (State.LISTENING, State.THINKING):
            self._hear()
        return []

    def _voice_continued(self, event: VoiceContinued, now: float) -> list[Command]:
        if self.state is not State.SPEAKING or not self._interruptible:
            return []
        if event.seconds < BARGE_IN_SECONDS:
            return []
        self._held = True
        self._hear()
        return [Hold()]

    def _voice_paused(self, event: VoicePaused, now: float) -> list[Command]:
        if self.state is not State.HEARING:
            return []
        return self._transcribe(event)

    def _voice_resumed(self, _: VoiceResumed, now: float) -> list[Command]:
        self._ear.attempt, self._ear.words = 0, None
        return []

    def _voice_stopped(self, event: VoiceStopped, now: float) -> list[Command]:
        ear = self._ear
        ear.open = False
        if self.state is not State.HEARING:
            return []
        ear.stopped, ear.cut = True, event.cut
        self.state = State.THINKING
        if self._question is None:
            self._fill_at = now + FILLER_SECONDS
        if ear.attempt != event.attempt:
            commands = self._transcribe(event)
            ear.sound = (*ear.sound, event.samples)
            return commands
        ear.sound = (*ear.sound, event.samples)
        return self._take(ear.words, now) if ear.words else []

    def _transcribe(self, event: VoicePaused | VoiceStopped) -> list[Command]:
        ear = self._ear
        ear.attempt, ear.words, ear.voiced_seconds = event.attempt, None, event.voiced_seconds
        samples = np.concatenate([*ear.sound, event.samples]) if ear.sound else event.samples
        return [Transcribe(self.turn, event.attempt, samples, event.voiced_seconds)]

    # what became of it

    def _transcribed(self, event: Transcribed, now: float) -> list[Command]:
        if event.turn != self.turn or event.attempt != self._ear.attempt:
            return []
        self._ear.words = event.transcript
        if self._ear.stopped:
            return self._take(event.transcript, now)
        if self._question is None and self._urgent(event.transcript.text):
            return self._ask(event.transcript, now)  # danger does not wait for the full stop
        return []

    def _take(self, words: Transcript, now: float) -> list[Command]:
        """The utterance is over and its words are there."""
        ear, self._ear = self._ear, Ear()
        listening_sound = not words.text or self._phrases.is_backchannel(words.text)
        if self._held and listening_sound:
            return self._go_on()
        if self._question:
            return self._meanwhile(words, listening_sound or ear.cut, now)
        if not words.text:
            return self._not_caught(ear.voiced_seconds, now)
        self._misheard = 0
        wish = self._phrases.wish(words.text)
        if wish and self._mouth.last:
            return self._obey(wish)
        return self._ask(words, now)

    def _meanwhile(self, words: Transcript, nothing: bool, now: float) -> list[Command]:
        """Said while the dialogue was thinking about the sentence before."""
        question = self._question
        if question is None:
            return []
        answer = question.answer
        if nothing or (answer and answer.next is not Next.LISTEN):
            return self._reply(answer) if answer else []
        if answer:
            return self._ask(words, now)
        question.more = words
        return []

    def _answered(self, event: Answered, now: float) -> list[Command]:
        question = self._question
        if question is None or event.turn != question.turn:
            return []
        self._failures = 0
        if question.more and event.outcome.next is Next.LISTEN:
            return self._ask(question.more, now)
        if self.state is State.HEARING and event.outcome.next is Next.LISTEN:
            question.answer = event.outcome
            return []
        return self._reply(event.outcome)

    def _played(self, event: Played, now: float) -> list[Command]:
        if self._saying is None or event.number != self._saying.number:
            return []
        self._saying = None
        if self._after is not Next.LISTEN:
            self.state = State.ENDED
            return [End(self._after)]
        if self.state is State.SPEAKING and self._ear.open:
            self._hear()
        elif self.state is State.SPEAKING:
            self.state = State.LISTENING
            self._silence.wait(now)
        return []

    def _failed(self, event: Failed, now: float) -> list[Command]:
        if event.what == "say":
            current = self._saying is not None and event.number == self._saying.number
            return self._played(Played(event.number), now) if current else []
        if event.what == "transcribe":
            if event.turn != self.turn or not self._ear.stopped:
                self._ear.attempt = 0
                return []
            if self._question or self._held:
                return self._take(Transcript("", 0.0, ""), now)
        elif self._question is None or event.turn != self._question.turn:
            return []
        self._question = None
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            return self._say(("handing_over",), after=Next.AGENT)
        return self._say(("apology",))

    # steps that several of the above take

    @property
    def _interruptible(self) -> bool:
        return self._saying is None or self._saying.interruptible

    def _hear(self) -> None:
        self.turn += 1
        self.state = State.HEARING

    def _ask(self, words: Transcript, now: float, *, spoken: bool = True) -> list[Command]:
        self._silence.reset()
        self._held, self._saying = False, None
        self.turn += 1
        self._question = Question(self.turn)
        self._fill_at = now + FILLER_SECONDS
        self.state = State.THINKING
        return [Drop(), Ask(self.turn, words.text, words.confidence, spoken)]

    def _reply(self, outcome: Outcome) -> list[Command]:
        texts = tuple(reply.spoken or reply.text for reply in outcome.replies)
        interruptible = outcome.next is Next.LISTEN and all(
            reply.interruptible for reply in outcome.replies
        )
        self._question = None
        self._mouth.last = texts
        self._after = outcome.next
        self.state = State.SPEAKING
        self._saying = self._mouth.say(self.turn, texts, interruptible=interruptible)
        return [Expect(expectation(outcome)), self._saying]

    def _say(
        self, names: tuple[str, ...], *, after: Next = Next.LISTEN, gain_db: float = 0.0
    ) -> list[Command]:
        """Sentences of our own, by name."""
        texts = tuple(self._phrases.says[name] for name in names)
        self._after = after
        self.state = State.SPEAKING
        self._held = False
        if not self._mouth.last:
            self._mouth.last = texts
        interruptible = after is Next.LISTEN
        self._saying = self._mouth.say(
            self.turn, texts, interruptible=interruptible, gain_db=gain_db
        )
        return [Drop(), self._saying]

    def _go_on(self) -> list[Command]:
        self._held = False
        self.state = State.SPEAKING
        return [Resume()]

    def _not_caught(self, voiced_seconds: float, now: float) -> list[Command]:
        if voiced_seconds < SHORT_SECONDS:
            self.state = State.LISTENING
            self._silence.wait(now)
            return []
        self._misheard += 1
        if self._misheard >= MOST_MISHEARD:
            return self._ask(Transcript(self._phrases.person, 1.0, ""), now, spoken=False)
        return self._say(("not_caught" if self._misheard == 1 else "not_caught_again",))

    def _obey(self, wish: str) -> list[Command]:
        self._silence.reset()
        self._mouth.adapt(wish)
        return self._repeat()

    def _repeat(self) -> list[Command]:
        if not self._mouth.last:
            return []
        self._held = False
        self.state = State.SPEAKING
        self._after = Next.LISTEN
        self._saying = self._mouth.say(self.turn, self._mouth.last)
        return [Drop(), self._saying]


_HANDLERS: dict[type, Callable[[Turns, Any, float], list[Command]]] = {
    signals.Began: Turns._began,
    signals.HungUp: Turns._hung_up,
    signals.Ticked: Turns._ticked,
    KeyPressed: Turns._key_pressed,
    VoiceStarted: Turns._voice_started,
    VoiceContinued: Turns._voice_continued,
    VoicePaused: Turns._voice_paused,
    VoiceResumed: Turns._voice_resumed,
    VoiceStopped: Turns._voice_stopped,
    Transcribed: Turns._transcribed,
    Answered: Turns._answered,
    Played: Turns._played,
    Failed: Turns._failed,
}
