"""What a call is doing, and the steps that several events take. Pure.

`Floor` is one call's whole state; `voice.turns` says which event leads to which step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from bot.rules.session import Next, Outcome, Status
from voice.audio import Samples
from voice.expectations import expectation, one_key
from voice.keys import Keypad
from voice.mouth import Mouth
from voice.phrases import Phrases
from voice.segments import Expectation
from voice.signals import Ask, Command, Drop, Expect, Resume, Say, Transcript
from voice.silence import Ladder

FILLER_SECONDS = 2.5


class State(str, Enum):
    """What is going on."""

    LISTENING = "listening"  # the caller's turn, nothing said yet
    HEARING = "hearing"  # the caller speaks
    THINKING = "thinking"  # their words are with the recogniser or the dialogue
    SPEAKING = "speaking"  # we speak
    ENDED = "ended"


@dataclass
class Utterance:
    """The caller's utterance that is being heard."""

    open: bool = False  # the caller is speaking
    attempt: int = 0
    stopped: bool = False
    cut: bool = False
    voiced_seconds: float = 0.0
    words: Transcript | None = None  # of the latest pause
    sound: tuple[Samples, ...] = ()  # all of it, with what was said just before

    def carry(self) -> "Utterance":
        """The caller went on before their words were known: keep the sound."""
        keep = self.stopped and not self.cut
        return Utterance(open=True, sound=self.sound if keep else ())


@dataclass
class Question:
    """What the dialogue is thinking about."""

    turn: int
    answer: Outcome | None = None  # it came while the caller was speaking
    more: Transcript | None = None  # what they said meanwhile


@dataclass
class Floor:
    """One call. ``urgent`` knows the words of danger."""

    phrases: Phrases
    urgent: Callable[[str], bool]
    state: State = State.LISTENING
    turn: int = 0
    heard: Utterance = field(default_factory=Utterance)
    question: Question | None = None
    saying: Say | None = None
    after: Next = Next.LISTEN  # what follows what is being said
    held: bool = False  # our voice stopped, and may go on
    fill_at: float | None = None  # when the caller has waited long enough
    failures: int = 0
    misheard: int = 0
    expected: Expectation = Expectation.OPEN
    keypad: Keypad = field(default_factory=Keypad)
    silence: Ladder = field(default_factory=Ladder)
    mouth: Mouth = field(default_factory=Mouth)

    @property
    def interruptible(self) -> bool:
        """Whether the caller may cut in now."""
        return self.saying is None or self.saying.interruptible

    def hear(self) -> None:
        """The caller has the floor."""
        self.turn += 1
        self.state = State.HEARING

    def wait(self, now: float) -> None:
        """It is the caller's turn."""
        self.state = State.LISTENING
        self.silence.wait(now)

    def ask(self, words: Transcript, now: float, *, spoken: bool = True) -> list[Command]:
        """Take ``words`` to the dialogue; what we were saying is over."""
        self.silence.reset()
        self.held, self.saying = False, None
        self.turn += 1
        self.question = Question(self.turn)
        self.fill_at = now + FILLER_SECONDS
        self.state = State.THINKING
        return [Drop(), Ask(self.turn, words.text, words.confidence, spoken)]

    def reply(self, outcome: Outcome) -> list[Command]:
        """Say the dialogue's answer."""
        texts = tuple(reply.spoken or reply.text for reply in outcome.replies)
        interruptible = outcome.next is Next.LISTEN and all(
            reply.interruptible for reply in outcome.replies
        )
        self.question = None
        if outcome.status is Status.HANDED_OFF:
            self.silence.queueing = True
        self.mouth.last = texts
        self.after = outcome.next
        self.state = State.SPEAKING
        self.saying = self.mouth.say(self.turn, texts, interruptible=interruptible)
        self.expected, self.keypad.single = expectation(outcome), one_key(outcome)
        return [Expect(self.expected), self.saying]

    def say(self, *names: str, after: Next = Next.LISTEN, gain_db: float = 0.0) -> list[Command]:
        """Sentences of our own, by name."""
        texts = tuple(self.phrases.says[name] for name in names)
        self.after = after
        self.state = State.SPEAKING
        self.held = False
        if not self.mouth.last:
            self.mouth.last = texts
        self.saying = self.mouth.say(
            self.turn, texts, interruptible=after is Next.LISTEN, gain_db=gain_db
        )
        return [Drop(), self.saying]

    def fill(self) -> list[Command]:
        """A word for who waits for the dialogue."""
        self.fill_at = None
        said = self.mouth.say(self.turn, (self.phrases.says["one_moment"],))
        return [replace(said, filler=True)]

    def go_on(self) -> list[Command]:
        """It was nothing: our voice goes on where it stopped."""
        self.held = False
        self.state = State.SPEAKING
        return [Resume()]

    def repeat(self, *before: str) -> list[Command]:
        """Say the last answer again, after sentences of our own (by name)."""
        texts = (*(self.phrases.says[name] for name in before), *self.mouth.last)
        if not texts:
            return []
        self.held = False
        self.state = State.SPEAKING
        self.after = Next.LISTEN
        self.saying = self.mouth.say(self.turn, texts)
        return [Drop(), self.saying]
