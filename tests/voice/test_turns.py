"""Who speaks when: whole calls as tables of events."""

from typing import TypeVar

import numpy as np
import pytest

from bot.rules.session import Button, Next, Outcome, Reply, Status
from voice.floor import State
from voice.phrases import phrases
from voice.segments import (
    Expectation,
    Heard,
    VoiceContinued,
    VoiceLasted,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
    VoiceStopped,
)
from voice.signals import (
    Answered,
    Ask,
    Began,
    Begin,
    Command,
    Drop,
    End,
    Event,
    Expect,
    Failed,
    Finish,
    Hold,
    HungUp,
    KeyPressed,
    Played,
    Resume,
    Say,
    Ticked,
    Transcribe,
    Transcribed,
    Transcript,
)
from voice.turns import Turns

C = TypeVar("C", bound=Command)

SOUND = np.ones(16_000, np.int16)


class Line:
    """A call in a test: what is said to it, and what it commands."""

    def __init__(self) -> None:
        self.turns = Turns(phrases(), lambda text: "着火" in text)
        self.now = 0.0
        self.did: list[Command] = []

    def on(self, *events: Event) -> list[Command]:
        self.did = [command for event in events for command in self.turns.on(event, self.now)]
        return self.did

    def one(self, kind: type[C]) -> C:
        [command] = [command for command in self.did if isinstance(command, kind)]
        return command

    def has(self, kind: type) -> bool:
        return any(isinstance(command, kind) for command in self.did)

    def greet(self) -> None:
        self.on(Began())
        assert isinstance(self.did[0], Begin)
        self.on(Answered(0, outcome("您好")))
        self.on(Played(self.one(Say).number))
        assert self.turns.state is State.LISTENING

    def speak(self, text: str, seconds: float = 1.0) -> None:
        """A whole utterance whose words come at once."""
        self.on(*voice(seconds))
        job = self.one(Transcribe)
        self.on(Transcribed(job.turn, job.attempt, words(text)))

    def answer(self, said: Outcome) -> Say:
        self.on(Answered(self.one(Ask).turn, said))
        return self.one(Say)

    def passes(self, seconds: float) -> list[Command]:
        did: list[Command] = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            did += self.on(Ticked())
        self.did = did
        return did


def words(text: str) -> Transcript:
    return Transcript(text, 0.9, "zh", None if text else "nothing")


def outcome(text: str, then: Next = Next.LISTEN, **facts: object) -> Outcome:
    return Outcome("u", Status.ASKED, (Reply(text),), then, facts=facts)


def voice(seconds: float = 1.0, attempt: int = 1, cut: bool = False) -> list[Heard]:
    return [
        VoiceStarted(),
        VoiceContinued(seconds),
        VoiceStopped(attempt, SOUND, seconds, 0.9, cut),
    ]


@pytest.fixture
def line() -> Line:
    made = Line()
    made.greet()
    return made


def test_a_turn_from_voice_to_answer(line: Line) -> None:
    line.on(VoiceStarted(), VoiceContinued(0.8), VoicePaused(1, SOUND, 0.8))
    early = line.one(Transcribe)
    line.on(Transcribed(early.turn, 1, words("有人半夜施工")))
    assert line.did == [Finish()]  # the caller may go on, if they do so soon
    line.on(VoiceStopped(1, SOUND, 0.8, 0.9))
    asked = line.one(Ask)
    assert asked.text == "有人半夜施工"
    assert asked.spoken
    said = line.answer(outcome("在哪里?", asked="place"))
    assert said.texts == ("在哪里?",)
    assert line.one(Expect).expectation is Expectation.ADDRESS
    line.on(Played(said.number))
    assert line.turns.state is State.LISTENING


def test_words_of_a_pause_that_was_none_are_thrown_away(line: Line) -> None:
    line.on(VoiceStarted(), VoicePaused(1, SOUND, 0.5))
    first = line.one(Transcribe)
    line.on(VoiceResumed(), Transcribed(first.turn, 1, words("我的电话是幺三八")))
    line.on(VoicePaused(2, SOUND, 1.5))
    second = line.one(Transcribe)
    line.on(VoiceStopped(2, SOUND, 1.5, 1.5))
    assert not line.has(Ask)
    line.on(Transcribed(second.turn, 2, words("我的电话是13800138000")))
    assert line.one(Ask).text == "我的电话是13800138000"


def test_going_on_before_the_words_are_known_joins_the_sound(line: Line) -> None:
    line.on(*voice())
    first = line.one(Transcribe)
    line.on(*voice())
    joined = line.one(Transcribe)
    assert len(joined.samples) == 2 * len(SOUND)
    assert not line.on(Transcribed(first.turn, first.attempt, words("前半")))
    line.on(Transcribed(joined.turn, joined.attempt, words("前半后半")))
    assert line.one(Ask).text == "前半后半"


def test_interruption_stops_our_voice_and_the_old_answer_never_comes_back(line: Line) -> None:
    line.speak("问一件事")
    said = line.answer(outcome("很长的回答"))
    line.on(VoiceStarted(), VoiceContinued(0.1))
    assert not line.did
    line.on(VoiceContinued(0.26))
    line.one(Hold)
    line.on(VoiceStopped(1, SOUND, 1.0, 0.9))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, 1, words("不是这个")))
    line.one(Drop)
    assert line.one(Ask).text == "不是这个"
    assert not line.on(Played(said.number))


@pytest.mark.parametrize("text", ["嗯", "好。", "对对", ""])
def test_listening_sounds_and_false_alarms_do_not_interrupt(line: Line, text: str) -> None:
    line.speak("问一件事")
    said = line.answer(outcome("很长的回答"))
    line.on(*voice(0.4))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, job.attempt, words(text)))
    line.one(Resume)
    assert line.turns.state is State.SPEAKING
    line.on(Played(said.number))
    assert line.turns.state is State.LISTENING


def test_a_short_yes_is_an_answer_when_we_are_silent(line: Line) -> None:
    line.speak("对", 0.2)
    assert line.one(Ask).text == "对"


def test_closing_words_and_legal_notices_are_not_interrupted(line: Line) -> None:
    line.speak("再见")
    said = line.answer(outcome("再见", Next.HANG_UP))
    assert not said.interruptible
    assert not line.on(*voice(2.0))
    assert not line.on(KeyPressed("0"))
    line.on(Played(said.number))
    assert line.one(End).next is Next.HANG_UP
    assert not line.on(*voice())


def test_speech_that_outlasts_ours_is_heard(line: Line) -> None:
    line.speak("问")
    notice = Outcome("u", Status.ANSWERED, (Reply("须知", interruptible=False),))
    said = line.answer(notice)
    line.on(VoiceStarted(), VoiceContinued(0.5), Played(said.number))
    line.on(VoiceStopped(1, SOUND, 1.0, 0.9))
    assert line.one(Transcribe).voiced_seconds == 1.0


def test_a_person_by_key_at_any_time(line: Line) -> None:
    line.speak("问")
    line.on(KeyPressed("0"))
    assert line.one(Ask).text == phrases().person
    line.answer(outcome("正在转接", Next.AGENT))
    line.on(Played(line.one(Say).number))
    assert line.one(End).next is Next.AGENT


def test_a_number_may_be_keyed_in(line: Line) -> None:
    for key in "13800138000":
        line.on(KeyPressed(key))
        assert not line.has(Ask)
    line.passes(1.0)
    assert not line.has(Ask)
    line.passes(1.5)
    asked = line.one(Ask)
    assert asked.text == "13800138000"
    assert not asked.spoken


def test_a_grade_by_key_is_taken_at_once(line: Line) -> None:
    line.speak("问")
    said = line.answer(outcome("您满意吗?", asked="result"))
    line.on(KeyPressed("4"))
    assert line.one(Ask).text == "4"
    line.answer(outcome("电话?", asked="phone"))
    assert not [each for each in line.on(KeyPressed("1")) if isinstance(each, Ask)]
    assert said.texts == ("您满意吗?",)


def test_hash_ends_a_number_at_once_and_star_repeats(line: Line) -> None:
    line.on(KeyPressed("5"), KeyPressed("#"))
    assert line.one(Ask).text == "5"
    line.answer(outcome("谢谢"))
    line.on(KeyPressed("*"))
    assert line.one(Say).texts == ("谢谢",)


def test_the_ladder_of_silence_ends_politely(line: Line) -> None:
    said = []
    for _ in range(4):
        line.passes(7.2)
        say = line.one(Say)
        said.append(say)
        line.on(Played(say.number))
    names = ["still_there", "still_there_again", "callback", "goodbye"]
    assert [say.texts[0] for say in said] == [phrases().says[name] for name in names]
    assert said[1].gain_db > said[0].gain_db
    assert line.one(End).next is Next.HANG_UP


def test_speaking_takes_one_off_the_ladder(line: Line) -> None:
    line.passes(7.2)
    line.on(Played(line.one(Say).number))
    line.speak("我在")
    said = line.answer(outcome("好的"))
    line.on(Played(said.number))
    line.passes(7.2)
    assert line.one(Say).texts == (phrases().says["still_there"],)


def test_what_was_not_caught_is_asked_again_then_a_person(line: Line) -> None:
    for name in ("not_caught", "not_caught_again"):
        line.speak("", 1.5)
        assert line.one(Say).texts == (phrases().says[name],)
        line.on(Played(line.one(Say).number))
    line.speak("", 1.5)
    assert line.one(Ask).text == phrases().person


def test_a_cough_is_not_asked_for_again(line: Line) -> None:
    line.speak("", 0.2)
    assert not line.did
    assert line.turns.state is State.LISTENING


def test_the_second_failure_in_a_row_is_a_person(line: Line) -> None:
    line.speak("问")
    line.on(Failed(line.one(Ask).turn, "ask"))
    assert line.one(Say).texts == (phrases().says["apology"],)
    line.on(Played(line.one(Say).number))
    line.on(*voice())
    job = line.one(Transcribe)
    line.on(Failed(job.turn, "transcribe", job.attempt))
    assert line.one(Say).texts == (phrases().says["handing_over"],)
    line.on(Played(line.one(Say).number))
    assert line.one(End).next is Next.AGENT


def test_one_failure_between_answers_is_forgiven(line: Line) -> None:
    for _ in range(3):
        line.speak("问")
        line.on(Failed(line.one(Ask).turn, "ask"))
        assert line.one(Say).texts == (phrases().says["apology"],)
        line.on(Played(line.one(Say).number))
        line.speak("再问")
        line.on(Played(line.answer(outcome("答")).number))


def test_a_voice_that_fails_does_not_hang_the_call(line: Line) -> None:
    line.speak("问")
    said = line.answer(outcome("答"))
    line.on(Failed(said.turn, "say", said.number))
    assert line.turns.state is State.LISTENING


def test_nobody_waits_in_silence(line: Line) -> None:
    line.speak("问")
    asked = line.one(Ask)
    line.passes(2.7)
    assert line.one(Say).texts == (phrases().says["one_moment"],)
    line.passes(5.0)
    assert not line.did
    line.on(Answered(asked.turn, outcome("答")))
    assert line.one(Say).texts == ("答",)


def test_said_while_thinking_is_asked_next(line: Line) -> None:
    line.speak("楼下有人施工")
    first = line.one(Ask)
    line.speak("在车陂路")
    assert not line.has(Ask)
    line.on(Answered(first.turn, outcome("在哪里?")))
    assert line.one(Ask).text == "在车陂路"


def test_an_answer_waits_for_the_caller_to_finish(line: Line) -> None:
    line.speak("楼下有人施工")
    first = line.one(Ask)
    line.on(VoiceStarted(), VoiceContinued(0.5))
    line.on(Answered(first.turn, outcome("在哪里?")))
    assert not line.did
    line.on(VoiceStopped(1, SOUND, 0.5, 0.9))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, 1, words("嗯")))
    assert line.one(Say).texts == ("在哪里?",)


def test_who_never_stops_is_answered_all_the_same(line: Line) -> None:
    line.on(*voice(28.0, cut=True))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, 1, words("一直说")))
    first = line.one(Ask)
    line.on(VoiceStarted(), VoiceContinued(5.0), Answered(first.turn, outcome("请问在哪里?")))
    line.on(VoiceStopped(1, SOUND, 28.0, 0.0, cut=True))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, 1, words("还在说")))
    assert line.one(Say).texts == ("请问在哪里?",)


@pytest.mark.parametrize(
    ("wish", "speed", "gain"), [("再说一遍", 1.0, 0), ("慢一点", 0.85, 0), ("大声点", 1.0, 6)]
)
def test_again_slower_louder(line: Line, wish: str, speed: float, gain: float) -> None:
    line.speak("问")
    line.on(Played(line.answer(outcome("请问在哪里?")).number))
    line.speak(wish)
    again = line.one(Say)
    assert again.texts == ("请问在哪里?",)
    assert (again.speed, again.gain_db) == (pytest.approx(speed), gain)


@pytest.mark.parametrize(
    ("wish", "voice_then", "language"),
    [("你讲广东话得唔得", "cantonese", "yue"), ("请说普通话", "mandarin", "zh")],
)
def test_a_language_is_a_wish_too(line: Line, wish: str, voice_then: str, language: str) -> None:
    line.speak("问")
    line.on(Played(line.answer(outcome("请问在哪里?")).number))
    line.speak(wish)
    again = line.one(Say)
    assert again.texts == (phrases().says[voice_then], "请问在哪里?")
    assert again.voice == voice_then
    line.on(Played(again.number))
    line.on(*voice())
    assert line.one(Transcribe).language == language


def test_who_speaks_cantonese_is_answered_in_it(line: Line) -> None:
    for _ in range(2):
        line.on(*voice(2.0))
        job = line.one(Transcribe)
        line.on(Transcribed(job.turn, job.attempt, Transcript("楼下成日嘈", 0.9, "yue")))
        said = line.answer(outcome("请问在哪里?"))
        line.on(Played(said.number))
    assert said.voice == "cantonese"


def test_a_person_who_speaks_it_is_a_person(line: Line) -> None:
    line.speak("讲粤语的人工")
    assert line.one(Ask).text == "讲粤语的人工"


def test_hanging_up_ends_everything(line: Line) -> None:
    line.speak("问")
    line.on(HungUp())
    assert line.one(End).next is Next.HANG_UP
    assert not line.on(KeyPressed("0"), *voice())


def test_a_choice_is_expected_in_one_breath(line: Line) -> None:
    line.speak("要保密")
    choice = Reply("对吗?", buttons=(Button("对", "对"), Button("不对", "不对")))
    line.answer(Outcome("u", Status.ASKED, (choice,)))
    assert line.one(Expect).expectation is Expectation.YES_NO


def test_danger_does_not_wait_for_the_end_of_the_sentence(line: Line) -> None:
    line.speak("问")
    line.answer(outcome("很长的回答"))
    line.on(VoiceStarted(), VoiceContinued(0.5), VoicePaused(1, SOUND, 0.5))
    job = line.one(Transcribe)
    line.on(Transcribed(job.turn, 1, words("我家着火了")))
    asked = line.one(Ask)
    assert asked.text == "我家着火了"
    assert line.has(Drop)
    said = line.answer(outcome("请马上拨打119", Next.AGENT))
    assert not line.on(VoiceResumed(), VoiceContinued(1.0), VoiceStopped(2, SOUND, 2.0, 0.9))
    line.on(Played(said.number))
    assert line.one(End).next is Next.AGENT


def test_danger_does_not_wait_for_a_pause(line: Line) -> None:
    line.on(VoiceStarted(), VoiceContinued(2.0), VoiceLasted(1, SOUND, 2.0))
    job = line.one(Transcribe)
    assert line.on(Transcribed(job.turn, 1, words("快来我家着火了"), partial=True)) == [
        Drop(),
        Ask(job.turn + 1, "快来我家着火了", 0.9),
    ]


def test_a_look_in_the_middle_is_never_taken_for_the_whole(line: Line) -> None:
    line.on(VoiceStarted(), VoiceContinued(2.0), VoiceLasted(1, SOUND, 2.0))
    look = line.one(Transcribe)
    assert line.on(Transcribed(look.turn, 1, words("我要反映"), partial=True)) == []
    line.on(VoicePaused(2, SOUND, 3.0))
    whole = line.one(Transcribe)
    assert (whole.turn, whole.attempt) == (look.turn, 2)
    line.on(Transcribed(whole.turn, 2, words("我要反映路灯坏了")))
    line.on(VoiceStopped(2, SOUND, 3.0, 0.9))
    assert line.one(Ask).text == "我要反映路灯坏了"


def test_a_look_that_fails_costs_nothing(line: Line) -> None:
    line.on(VoiceStarted(), VoiceContinued(2.0), VoiceLasted(1, SOUND, 2.0))
    look = line.one(Transcribe)
    assert look.partial
    assert line.on(Failed(look.turn, "transcribe", look.attempt)) == []
    line.on(VoicePaused(2, SOUND, 3.0), VoiceStopped(2, SOUND, 3.0, 0.9))
    whole = line.one(Transcribe)
    line.on(Transcribed(whole.turn, 2, words("路灯坏了")))
    assert line.one(Ask).text == "路灯坏了"


def test_a_look_that_fails_while_the_words_of_the_turn_are_looked_for_costs_nothing(
    line: Line,
) -> None:
    line.on(VoiceStarted(), VoiceContinued(2.0), VoiceLasted(1, SOUND, 2.0))
    look = line.one(Transcribe)
    line.on(VoicePaused(2, SOUND, 3.0))
    whole = line.one(Transcribe)
    assert not whole.partial
    assert line.on(Failed(look.turn, "transcribe", look.attempt)) == []
    assert line.on(VoiceStopped(2, SOUND, 3.0, 0.9)) == []  # what the pause began is waited for
    line.on(Transcribed(whole.turn, 2, words("路灯坏了")))
    assert line.one(Ask).text == "路灯坏了"


def test_danger_of_a_look_counts_when_the_pause_came_first(line: Line) -> None:
    line.on(VoiceStarted(), VoiceContinued(2.0), VoiceLasted(1, SOUND, 2.0))
    look = line.one(Transcribe)
    line.on(VoicePaused(2, SOUND, 3.0))
    line.on(Transcribed(look.turn, 1, words("快来我家着火了"), partial=True))
    assert line.one(Ask).text == "快来我家着火了"
    line.on(Transcribed(look.turn, 2, words("快来我家着火了")))
    assert not line.has(Ask)
