"""What happens in a call (past participles) and what is done about it (imperatives). Pure data.

A ``turn`` number goes with every job; whatever comes back with an old one is dropped.
"""

from dataclasses import dataclass

from bot.rules.session import Next, Outcome
from voice.audio import Samples
from voice.segments import (
    Expectation,
    VoiceContinued,
    VoiceLasted,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
    VoiceStopped,
)


@dataclass(frozen=True)
class Transcript:
    """What was heard. ``text`` is empty where it was nobody's words; ``dropped`` says why.

    ``language``: what it was spoken in where the recogniser can tell, else what it was taken for.
    """

    text: str
    confidence: float
    language: str
    dropped: str | None = None
    wait_ms: float = 0.0
    stt_ms: float = 0.0


@dataclass(frozen=True)
class Began:
    """The call is up."""


@dataclass(frozen=True)
class Transcribed:
    """``partial``: more was being said when it was asked for."""

    turn: int
    attempt: int
    transcript: Transcript
    partial: bool = False


@dataclass(frozen=True)
class Answered:
    turn: int
    outcome: Outcome


@dataclass(frozen=True)
class SoundBegan:
    """The first frame of an utterance of ours went out."""

    number: int


@dataclass(frozen=True)
class Played:
    """The last frame of an utterance of ours went out."""

    number: int


@dataclass(frozen=True)
class Spoken:
    """All the sound of an utterance of ours is made."""

    number: int


@dataclass(frozen=True)
class KeyPressed:
    """A key of the phone: 0-9, * or #."""

    key: str


@dataclass(frozen=True)
class Ticked:
    """Time went on."""


@dataclass(frozen=True)
class Failed:
    """A job broke. ``what``: transcribe, ask or say. ``number``: which utterance of ours; for
    transcribe, which attempt."""

    turn: int
    what: str
    number: int = 0


@dataclass(frozen=True)
class Taken:
    """An agent has the caller."""


@dataclass(frozen=True)
class HungUp:
    """The caller is gone."""


Event = (
    Began | VoiceStarted | VoiceContinued | VoiceLasted | VoicePaused | VoiceResumed | VoiceStopped
    | Transcribed | Answered | SoundBegan | Spoken | Played | KeyPressed | Ticked | Failed
    | Taken | HungUp
)  # fmt: skip


@dataclass(frozen=True)
class Transcribe:
    turn: int
    attempt: int
    samples: Samples
    voiced_seconds: float
    language: str = "zh"
    deadline_seconds: float = 8.0
    partial: bool = False


@dataclass(frozen=True)
class Begin:
    """Begin the session: the dialogue's opening sentence comes as the answer to turn 0."""

    turn: int = 0


@dataclass(frozen=True)
class Ask:
    """Take what was said to the dialogue."""

    turn: int
    text: str
    confidence: float | None = None
    spoken: bool = True


@dataclass(frozen=True)
class Say:
    """Speak ``texts``. ``number`` counts our utterances; ``turn`` is the one answered."""

    number: int
    turn: int
    texts: tuple[str, ...]
    interruptible: bool = True
    speed: float = 1.0
    gain_db: float = 0.0
    voice: str = "mandarin"
    filler: bool = False  # a word for who waits, not an answer


@dataclass(frozen=True)
class Hold:
    """Our voice stops at once; the rest is kept."""


@dataclass(frozen=True)
class Resume:
    """It was nothing: go on where it stopped."""


@dataclass(frozen=True)
class Drop:
    """Forget what has not been said yet."""


@dataclass(frozen=True)
class Expect:
    """What kind of answer the ear should be ready for."""

    expectation: Expectation


@dataclass(frozen=True)
class Finish:
    """What was said sounds finished: a shorter pause ends it."""


@dataclass(frozen=True)
class Unrecord:
    """The caller does not want to be recorded."""


@dataclass(frozen=True)
class End:
    """The call leaves us: hung up, or to a person."""

    next: Next


Command = Transcribe | Begin | Ask | Say | Hold | Resume | Drop | Expect | Finish | Unrecord | End
