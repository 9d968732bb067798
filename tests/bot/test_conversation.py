import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.desk import Desk, Rulebook
from bot.dialogue import words
from bot.dialogue.client import Said
from bot.rules.errors import Unavailable
from bot.rules.handoff import Reason, Skill
from bot.rules.scope import Danger
from bot.rules.session import Channel, Next, Reply, Speaker, Status, Utterance
from bot.rules.switch import Setting
from bot.store import Store, Tally
from tests.bot.conftest import MONDAY, Heard
from tests.records import sqlite_records

WORDS = words.load()


@dataclass
class Scripted:
    """A dialogue that says what it is told to, or fails, or waits for a gate."""

    script: list[Said | Exception]
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)

    async def ask(self, utterance: Utterance) -> Said:
        self.asked.append(utterance.text)
        if self.gate:
            await self.gate.wait()
        said = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(said, Exception):
            raise said
        return said


def said(text: str, status: Status = Status.ANSWERED, **facts: object) -> Said:
    return Said((Reply(text),), status, facts=dict(facts))


def say(text: str, number: int = 1) -> Utterance:
    return Utterance(f"u{number}", "s1", text, Channel.WEB, MONDAY)


@pytest.fixture
async def make(store: Store, desk: Desk, heard: Heard):
    def made(dialogue: Scripted, danger: Danger | None = None) -> Conversation:
        return Conversation(
            store, desk, heard, dialogue, lambda _: danger, WORDS, clock=lambda: MONDAY
        )

    return made


async def turns(store: Store) -> list[tuple[str, str]]:
    async with store.read() as records:
        return [(t.speaker.value, t.text) for t in await records.turns.since("s1")]


async def test_an_utterance_is_answered_noted_and_told(make, store: Store, heard: Heard) -> None:
    outcome = await make(Scripted([said("七乘二十四小时")])).hear(say("几点上班"))
    assert outcome.status is Status.ANSWERED
    assert await turns(store) == [("caller", "几点上班"), ("bot", "七乘二十四小时")]
    assert [event["seq"] for event in heard.on("session:s1")] == [1, 2]


async def test_what_helped_not_is_counted_and_its_question_stays_open(make, store: Store) -> None:
    def verdict(helpful: bool) -> Said:
        return said("好", Status.RATED, judged={"entry": "hours", "helpful": helpful})

    answer = said("七点", entry="hours", district="天河区")
    conversation = make(Scripted([answer, answer, verdict(False), verdict(False), verdict(True)]))
    window = (MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    counts, open_questions = [], []
    for number, text in enumerate(["几点开门", "周末呢", "没用", "没用", "有用"]):
        await conversation.hear(say(text, number))
        async with store.read() as records:
            counts.append((await records.verdicts.tally(MONDAY)).get("hours"))
            open_questions.append([t.text for t in await records.turns.unanswered(*window)])
    assert counts == [None, None, Tally(0, 1), Tally(0, 1), Tally(1, 0)]
    assert open_questions == [[], [], ["周末呢"], ["周末呢"], []]


async def test_the_same_utterance_twice_is_one(make, store: Store) -> None:
    dialogue = Scripted([said("好")])
    conversation = make(dialogue)
    first, second = await asyncio.gather(
        conversation.hear(say("路灯")), conversation.hear(say("路灯"))
    )
    assert first == second
    assert dialogue.asked == ["路灯"]
    assert len(await turns(store)) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "text_empty"), ("\x00\u200b ", "text_empty"), ("长" * 100_000, "text_too_long")],
)
async def test_bad_text_is_refused_and_changes_nothing(
    make, store: Store, text: str, words: str
) -> None:
    outcome = await make(Scripted([said("好")])).hear(say(text))
    assert outcome.status is Status.REJECTED
    assert outcome.replies == (WORDS[words],)
    assert await turns(store) == []


async def test_what_is_not_understood_after_an_emergency_is_taken_down(make, store: Store) -> None:
    await make(Scripted([]), Danger("medical", ("晕倒",))).hear(say("有人晕倒了"))
    lost = Said(
        (Reply("没听明白"), Reply("在哪里?")), Status.CLARIFIED, facts={"misunderstood": True}
    )
    conversation = make(Scripted([lost]))
    for number in (2, 3, 4):
        outcome = await conversation.hear(say("天河体育中心", number))
        assert outcome.replies == (WORDS["noted"], Reply("在哪里?"))
        assert outcome.status is Status.CLARIFIED


async def test_who_says_it_again_is_not_told_the_same_again(make) -> None:
    conversation = make(Scripted([]), Danger("crisis", ("不想活",)))
    first = await conversation.hear(say("不想活了"))
    second = await conversation.hear(say("真的不想活了", 2))
    assert [reply.text for reply in first.replies] == [WORDS["crisis"].text]
    assert [reply.text for reply in second.replies] == [WORDS["crisis_again"].text]
    assert not second.replies[0].interruptible


async def test_a_danger_beside_a_matter_of_ours_is_answered_first_and_the_matter_goes_on(
    make, desk: Desk
) -> None:
    dialogue = Scripted([said("请问在哪里?", Status.ASKED, asked="place")])
    outcome = await make(dialogue, Danger("crisis", beside=True)).hear(say("不发工资我就跳楼"))
    assert outcome.status is Status.CRISIS
    assert outcome.replies[0].text == WORDS["crisis"].text
    assert not outcome.replies[0].interruptible
    assert outcome.replies[1:] == (Reply("请问在哪里?"),)
    assert outcome.next is Next.LISTEN
    assert outcome.facts["danger"] == "crisis"
    assert [h.reason for h in await desk.waiting()] == [Reason.CRISIS]


async def test_a_danger_is_told_also_where_the_dialogue_fails(make) -> None:
    dialogue = Scripted([Unavailable("away")])
    outcome = await make(dialogue, Danger("fire", beside=True)).hear(say("着火了"))
    assert [reply.text for reply in outcome.replies] == [WORDS["fire"].text]
    assert (outcome.status, outcome.next) == (Status.EMERGENCY, Next.AGENT)


async def test_control_characters_are_taken_out(make, store: Store) -> None:
    await make(Scripted([said("好")])).hear(say("路\x00灯\x1b坏\u202e了"))
    assert (await turns(store))[0] == ("caller", "路灯坏了")


async def test_danger_is_answered_before_the_dialogue_is_asked(make, desk: Desk) -> None:
    dialogue = Scripted([said("好")])
    outcome = await make(dialogue, Danger("fire", ("着火",))).hear(say("着火了"))
    assert (outcome.status, outcome.referral, outcome.next) == (Status.EMERGENCY, "119", Next.AGENT)
    assert not outcome.replies[0].interruptible
    assert dialogue.asked == []
    assert [handoff.reason for handoff in await desk.waiting()] == [Reason.EMERGENCY]


@pytest.mark.parametrize("trouble", [Unavailable("gone"), TimeoutError(), RuntimeError("a fault")])
async def test_trouble_is_said(make, trouble: Exception) -> None:
    outcome = await make(Scripted([trouble])).hear(say("路灯"))
    assert outcome.status in (Status.FAILED, Status.TIMED_OUT)
    assert outcome.replies


async def test_the_second_trouble_in_a_row_is_a_person(make, desk: Desk) -> None:
    conversation = make(Scripted([Unavailable("gone")]))
    await conversation.hear(say("路灯", 1))
    outcome = await conversation.hear(say("路灯", 2))
    assert (outcome.status, outcome.next) == (Status.HANDED_OFF, Next.AGENT)
    assert [handoff.reason for handoff in await desk.waiting()] == [Reason.MISUNDERSTOOD]


async def test_what_is_understood_between_begins_the_count_anew(make, desk: Desk) -> None:
    again = said("再说一次", Status.CLARIFIED, misunderstood=True)
    conversation = make(Scripted([again, said("好"), again, said("好")]))
    for number in range(1, 5):
        await conversation.hear(say("……", number))
    assert await desk.waiting() == []


async def test_silence_of_the_dialogue_is_trouble(make) -> None:
    outcome = await make(Scripted([Said()])).hear(say("路灯"))
    assert outcome.status is Status.FAILED


async def test_with_an_agent_the_machine_is_silent(make, store: Store, desk: Desk) -> None:
    handoff = await desk.hand_off("s1", reason=Reason.ASKED, summary="")
    await desk.accept(handoff.id, agent="lin")
    dialogue = Scripted([said("好")])
    outcome = await make(dialogue, Danger("fire", ("着火",))).hear(say("喂"))
    assert outcome.status is Status.WITH_AGENT
    assert outcome.replies == ()
    assert await turns(store) == [("caller", "喂")]
    assert dialogue.asked == []


async def test_an_answer_under_way_when_an_agent_accepts_is_dropped(
    make, store: Store, desk: Desk
) -> None:
    handoff = await desk.hand_off("s1", reason=Reason.ASKED, summary="")
    gate = asyncio.Event()
    conversation = make(Scripted([said("太晚了")], gate))
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(conversation.hear(say("喂")))
        while not await turns(store):
            await asyncio.sleep(0.01)
        await desk.accept(handoff.id, agent="lin")
        gate.set()
    assert hearing.result().status is Status.WITH_AGENT
    assert [speaker for speaker, _ in await turns(store)] == [Speaker.CALLER.value]


async def test_the_opening_is_said_once(make, store: Store) -> None:
    conversation = make(Scripted([]))
    for _ in range(2):
        opening = await conversation.begin("s2", Channel.PHONE, None, MONDAY)
    async with store.read() as records:
        assert len(await records.turns.since("s2")) == 1
    assert "人工" in opening.replies[0].text


async def test_without_records_the_caller_still_hears_something(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    store = await Store.open(sqlite_records(tmp_path))
    conversation = Conversation(
        store, Desk(store, None, rulebook), Heard(), Scripted([said("好")]), lambda _: None, WORDS
    )
    outcome = await conversation.hear(say("没有这个会话"))
    assert outcome.status is Status.FAILED
    assert outcome.replies
    await store.close()


async def switched(desk: Desk, name: str, value: bool | int | str) -> None:
    await desk.switch(Setting(name, value, "wu", "r", MONDAY, MONDAY + timedelta(hours=1)))


async def test_a_machine_switched_off_sends_to_people_and_says_so_once(make, store, desk) -> None:
    await switched(desk, "machine.web", False)
    dialogue = Scripted([said("A")])
    conversation = make(dialogue)
    first = await conversation.hear(say("灯坏了"))
    assert (first.status, first.next) == (Status.HANDED_OFF, Next.AGENT)
    assert first.replies == (WORDS["straight_to_person"],)
    assert (await conversation.hear(say("在车陂", 2))).replies == ()
    assert dialogue.asked == []
    assert [one.reason for one in await desk.waiting()] == [Reason.POLICY]


async def test_who_speaks_english_is_told_so_in_english_and_gets_a_person(make, desk) -> None:
    dialogue = Scripted([said("A")])
    conversation = make(dialogue)
    first = await conversation.hear(say("Hello, I need help with my visa"))
    assert (first.status, first.next) == (Status.HANDED_OFF, Next.AGENT)
    assert first.replies == (WORDS["straight_to_person_english"],)
    assert (await conversation.hear(say("it expires next week", 2))).replies == ()
    assert dialogue.asked == []
    assert [one.reason for one in await desk.waiting()] == [Reason.LANGUAGE]
    assert [one.skill for one in await desk.waiting()] == [Skill.ENGLISH]


@pytest.mark.parametrize("kind", ["police", "fire", "medical", "crisis"])
async def test_danger_told_in_english_is_answered_in_english(make, kind: str) -> None:
    dialogue = Scripted([said("A")])
    outcome = await make(dialogue, Danger(kind, beside=True)).hear(say("please help me quickly"))
    assert [reply.text for reply in outcome.replies] == [WORDS[f"{kind}_english"].text]
    assert dialogue.asked == []


async def test_only_the_channel_that_is_off_goes_to_people(make, desk) -> None:
    await switched(desk, "machine.phone", False)
    assert (await make(Scripted([said("A")])).hear(say("灯"))).replies == (Reply("A"),)


async def test_the_announcement_of_the_day_follows_the_opening(make, store, desk) -> None:
    await switched(desk, "announcement", "N")
    conversation = make(Scripted([said("A")]))
    opened = await conversation.begin("s9", Channel.WEB, None, MONDAY)
    assert [reply.text for reply in opened.replies] == [WORDS["opening"].text, "N"]
    later = await conversation.begin("s8", Channel.WEB, None, MONDAY + timedelta(hours=2))
    assert len(later.replies) == 1


async def test_patience_is_a_switch(make, desk) -> None:
    await switched(desk, "misunderstandings", 1)
    outcome = await make(Scripted([said("A", misunderstood=True)])).hear(say("a"))
    assert outcome.status is Status.HANDED_OFF
