import pytest

from bot.calling import Robot
from bot.desk import Desk, Errand
from bot.dialogue import words
from bot.rules.scope import screen
from bot.rules.session import Channel, Next, Outcome, Status, Utterance
from bot.rules.ticket import TicketStatus
from bot.store import Rated, Store
from knowledge_base.safety import safety
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_followup import WORK, opened, ordered
from tests.bot.test_worker import Watch

PHONE = "13800138000"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def robot(store: Store, desk: Desk, watch: Watch) -> Robot:
    lexicon = safety()
    return Robot(store, desk, words.load(), lambda text: screen(text, lexicon), watch)


async def closed(desk: Desk, key: str = "k", **draft: str) -> str:
    number = (await opened(desk, key, channel="phone", **draft)).ticket_no
    await ordered(desk, number, *WORK)
    return number


async def called(robot: Robot) -> Errand:
    (errand,) = await robot.due()
    await robot.begin(errand.session_id, Channel.PHONE, errand.phone, MONDAY)
    return errand


async def said(robot: Robot, errand: Errand, *texts: str) -> Outcome:
    for number, text in enumerate(texts):
        name = f"u{number}-{text}"
        one = Utterance(name, errand.session_id, text, Channel.PHONE, MONDAY, spoken=True)
        outcome = await robot.hear(one)
        assert await robot.hear(one) == outcome
    return outcome


async def test_a_satisfied_caller(robot: Robot, desk: Desk, store: Store) -> None:
    number = await closed(desk)
    errand = await called(robot)
    assert (errand.ticket.ticket_no, errand.phone) == (number, PHONE)
    outcome = await said(robot, errand, "满意", "5")
    assert outcome.next is Next.HANG_UP
    await robot.over(errand, answered=True)
    assert (await desk.find(number)).status is TicketStatus.ARCHIVED
    async with store.read() as records:
        ratings = await records.ratings.of_ticket(number)
        looks = await records.audit.of(number)
        turns = await records.turns.since(errand.session_id)
    assert [(one.of, one.grade, one.method) for one in ratings] == [
        (Rated.RESULT, 4, "phone"),
        (Rated.SERVICE, 5, "phone"),
    ]
    assert [look.action for look in looks] == ["call_back_dialled"]
    assert len(turns) == 5
    assert await robot.due() == []


async def test_a_bad_grade_is_reworked_and_its_reason_goes_to_the_unit(
    robot: Robot, desk: Desk, store: Store
) -> None:
    number = await closed(desk)
    errand = await called(robot)
    outcome = await said(robot, errand, "2")
    assert outcome.facts == {"asked": "reason"}
    assert (await desk.find(number)).status is TicketStatus.IN_PROGRESS  # before the reason is said
    await said(robot, errand, "灯亮了一天又坏了")
    await robot.over(errand, answered=True)  # the caller hung up
    async with store.read() as records:
        letters = await records.outbox.of(number)
    assert [letter.kind for letter in letters][-2:] == ["rework", "supplement"]
    assert letters[-1].payload["text"] == "灯亮了一天又坏了"


async def test_nobody_answers_three_times(robot: Robot, desk: Desk, watch: Watch) -> None:
    number = await closed(desk)
    for attempt in range(3):
        watch.after(days=attempt)
        (errand,) = await robot.due()
        assert errand.session_id.endswith(f"-{attempt + 1}")
        assert await robot.due() == []
        await robot.over(errand, answered=False)
    ticket = await desk.find(number)
    assert ticket.status is TicketStatus.ARCHIVED
    assert (await desk.history(number))[-1].reason == "unreached"


async def test_not_now_is_called_later_the_same_day(robot: Robot, desk: Desk, watch: Watch) -> None:
    await closed(desk)
    watch.after(hours=1.5)  # at half past ten
    errand = await called(robot)
    assert (await said(robot, errand, "我在开会")).next is Next.HANG_UP
    await robot.over(errand, answered=True)
    watch.after(hours=5)  # half past twelve is noon's rest: at half past two
    assert await robot.due() == []
    watch.after(hours=5.5)
    assert len(await robot.due()) == 1


async def test_who_does_not_want_it_is_never_called_again(
    robot: Robot, desk: Desk, store: Store
) -> None:
    number = await closed(desk)
    errand = await called(robot)
    await said(robot, errand, "不要再打来了")
    await robot.over(errand, answered=True)
    assert (await desk.history(number))[-1].reason == "declined"
    await closed(desk, "another")
    await closed(desk, "third", phone="13900139000")
    assert [errand.phone for errand in await robot.due(5)] == ["13900139000"]


async def test_a_call_that_nobody_reports_on_is_due_again(
    robot: Robot, desk: Desk, watch: Watch
) -> None:
    await closed(desk)
    first = await robot.due()
    watch.after(minutes=9)
    assert await robot.due() == []
    watch.after(minutes=11)
    assert await robot.due() == first


async def test_nobody_is_called_at_night_or_without_a_number(
    robot: Robot, desk: Desk, watch: Watch
) -> None:
    await closed(desk, phone="")
    assert await robot.due() == []
    await closed(desk, "known")
    watch.after(hours=12)
    assert await robot.due() == []


async def test_a_page_that_was_not_rated_for_two_days_is_called(
    robot: Robot, desk: Desk, watch: Watch
) -> None:
    number = (await opened(desk, channel="wechat")).ticket_no
    await ordered(desk, number, *WORK)
    watch.after(hours=47)
    assert await robot.due() == []
    watch.after(hours=49)
    assert len(await robot.due()) == 1


@pytest.mark.parametrize(
    ("text", "status"), [("转人工", Status.HANDED_OFF), ("我不想活了", Status.CRISIS)]
)
async def test_a_person_is_one_word_away(
    robot: Robot, desk: Desk, text: str, status: Status
) -> None:
    await closed(desk)
    errand = await called(robot)
    outcome = await said(robot, errand, text)
    assert (outcome.status, outcome.next) == (status, Next.AGENT)
    assert len(await desk.waiting()) == 1


async def test_two_robots_never_have_the_same_call(robot: Robot, desk: Desk, store: Store) -> None:
    for number in range(6):
        await closed(desk, f"k{number}")
    other = Robot(store, desk, words.load(), lambda text: None, lambda: MONDAY)
    ids = [errand.id for one in (robot, other, robot) for errand in await one.due(2)]
    assert len(set(ids)) == 6


async def test_an_answer_after_the_ticket_was_rated_elsewhere(
    robot: Robot, desk: Desk, watch: Watch
) -> None:
    number = await closed(desk)
    errand = await called(robot)
    await desk.rate(number, 5, method="web", at=MONDAY)
    outcome = await said(robot, errand, "不满意")
    assert outcome.next is Next.HANG_UP
    await robot.over(errand, answered=True)
    assert (await desk.find(number)).status is TicketStatus.ARCHIVED
