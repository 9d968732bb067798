"""The caller's voice: what each of its events leads to. Pure; see `voice.turns`."""

import numpy as np

from bot.rules.session import Next
from voice.endings import finished
from voice.floor import FILLER_SECONDS, Floor, State, Utterance
from voice.segments import (
    VoiceContinued,
    VoiceLasted,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
    VoiceStopped,
)
from voice.signals import Command, Finish, Hold, Transcribe, Transcribed, Transcript, Unrecord
from voice.tongue import CANTONESE, MANDARIN

BARGE_IN_SECONDS = 0.25
SHORT_SECONDS = 0.4  # voice shorter than this that makes no word is not asked for again
MOST_MISHEARD = 3
ANSWER_SECONDS = 8.0  # how long the recogniser may take
LOOK_SECONDS = 1.0  # and for a look at what is said so far, which a busy one does not do
_LANGUAGES = {"mandarin": MANDARIN, "cantonese": CANTONESE}  # a wish, and what it wishes for


def started(floor: Floor, _: VoiceStarted, now: float) -> list[Command]:
    """Somebody begins to speak."""
    waiting_for_words = floor.state is State.THINKING and floor.question is None
    floor.heard = floor.heard.carry() if waiting_for_words else Utterance(open=True)
    floor.silence.stop()
    if floor.state in (State.LISTENING, State.THINKING):
        floor.hear()
    return []


def continued(floor: Floor, event: VoiceContinued, now: float) -> list[Command]:
    """They go on: after a quarter of a second our voice stops."""
    if floor.state is not State.SPEAKING or not floor.interruptible:
        return []
    if event.seconds < BARGE_IN_SECONDS:
        return []
    floor.held = True
    floor.hear()
    return [Hold()]


def lasted(floor: Floor, event: VoiceLasted, now: float) -> list[Command]:
    """They go on without a pause: is it danger?"""
    if floor.state is not State.HEARING or floor.question is not None:
        return []
    language = floor.mouth.tongue.language
    return [
        Transcribe(
            floor.turn,
            event.attempt,
            event.samples,
            event.voiced_seconds,
            language,
            LOOK_SECONDS,
            partial=True,
        )
    ]


def paused(floor: Floor, event: VoicePaused, now: float) -> list[Command]:
    """They may have finished: have the words ready."""
    return _transcribe(floor, event) if floor.state is State.HEARING else []


def resumed(floor: Floor, _: VoiceResumed, now: float) -> list[Command]:
    """They had not."""
    floor.heard.attempt, floor.heard.words = 0, None
    return []


def stopped(floor: Floor, event: VoiceStopped, now: float) -> list[Command]:
    """They have finished."""
    heard = floor.heard
    heard.open = False
    if floor.state is not State.HEARING:
        return []
    heard.stopped, heard.cut = True, event.cut
    floor.state = State.THINKING
    if floor.question is None:
        floor.fill_at = now + FILLER_SECONDS
    begin = _transcribe(floor, event) if heard.attempt != event.attempt else []
    heard.sound = (*heard.sound, event.samples)
    return begin or (_take(floor, heard.words, now) if heard.words else [])


def transcribed(floor: Floor, event: Transcribed, now: float) -> list[Command]:
    """The recogniser has answered; words that were still being said count for danger alone."""
    if event.turn != floor.turn:
        return []
    if event.partial:
        danger = floor.question is None and floor.urgent(event.transcript.text)
        return floor.ask(event.transcript, now) if danger else []
    if event.attempt != floor.heard.attempt:
        return []
    floor.heard.words = event.transcript
    if floor.heard.stopped:
        return _take(floor, event.transcript, now)
    if floor.question is None and floor.urgent(event.transcript.text):
        return floor.ask(event.transcript, now)  # danger does not wait for the full stop
    return [Finish()] if finished(event.transcript, floor.expected, floor.phrases) else []


def unheard(floor: Floor, now: float) -> list[Command]:
    """The recogniser failed on an utterance that we can do without."""
    return _take(floor, Transcript("", 0.0, ""), now)


def _transcribe(floor: Floor, event: VoicePaused | VoiceStopped) -> list[Command]:
    heard = floor.heard
    heard.attempt, heard.words, heard.voiced_seconds = event.attempt, None, event.voiced_seconds
    samples = np.concatenate([*heard.sound, event.samples]) if heard.sound else event.samples
    language, seconds = floor.mouth.tongue.language, event.voiced_seconds
    return [Transcribe(floor.turn, event.attempt, samples, seconds, language, ANSWER_SECONDS)]


def _take(floor: Floor, words: Transcript, now: float) -> list[Command]:
    """The utterance is over and its words are there."""
    heard, floor.heard = floor.heard, Utterance()
    listening_sound = not words.text or floor.phrases.is_backchannel(words.text)
    if floor.held and listening_sound:
        return floor.go_on()
    if floor.question:
        return _meanwhile(floor, words, listening_sound or heard.cut, now)
    if not words.text:
        return _not_caught(floor, heard.voiced_seconds, now)
    floor.misheard = 0
    floor.mouth.follow(len(words.text), heard.voiced_seconds)
    floor.mouth.tongue.follow(words.language, heard.voiced_seconds)
    wish = floor.phrases.wish(words.text)
    if wish == "unrecorded":
        return [Unrecord(), *floor.say("unrecorded")]
    if wish in _LANGUAGES:
        floor.silence.reset()
        floor.mouth.tongue.choose(_LANGUAGES[wish])
        return floor.repeat(wish)
    if wish and floor.mouth.last:
        floor.silence.reset()
        floor.mouth.adapt(wish)
        return floor.repeat()
    return floor.ask(words, now)


def _meanwhile(floor: Floor, words: Transcript, nothing: bool, now: float) -> list[Command]:
    """Said while the dialogue was thinking about the sentence before."""
    question = floor.question
    if question is None:
        return []
    answer = question.answer
    if nothing or (answer and answer.next is not Next.LISTEN):
        return floor.reply(answer) if answer else []
    if answer:
        return floor.ask(words, now)
    question.more = words
    return []


def _not_caught(floor: Floor, voiced_seconds: float, now: float) -> list[Command]:
    if voiced_seconds < SHORT_SECONDS:
        floor.wait(now)
        return []
    floor.misheard += 1
    if floor.misheard >= MOST_MISHEARD:
        return floor.ask(Transcript(floor.phrases.person, 1.0, ""), now, spoken=False)
    return floor.say("not_caught" if floor.misheard == 1 else "not_caught_again")
