"""Numbers are masked for who has the caller too, until they say why; each look is recorded."""

from tests.bot.console.conftest import taken

SAID = "电话13800138000，身份证440106199001011234"
MASKED = ("138****8000", "440106********1234")
CLEAR = ("13800138000", "440106199001011234")


async def words(seat, session):
    told = (await seat.get(f"sessions/{session}"))[1]
    return told["clear"], " ".join(turn["text"] for turn in told["turns"])


async def test_numbers_are_shown_to_who_says_why_and_the_look_is_kept(house, make_seat, caller):
    await caller.say(SAID)
    await caller.until("done")
    seat = await make_seat()
    path = await taken(seat)
    clear, said = await words(seat, caller.session)
    assert not clear
    assert all(number in said for number in MASKED)
    assert not any(number in said for number in CLEAR)
    hints = (await seat.get(f"{path}/case"))[1]["hints"]
    assert not any(number in str(hints) for number in CLEAR)
    numbers = f"sessions/{caller.session}/numbers"
    assert (await seat.post(numbers, {"reason": " "}))[1]["error"]["code"] == "missing"
    assert (await seat.post(numbers, {"reason": "核对"}))[0] == 200
    clear, said = await words(seat, caller.session)
    assert clear
    assert all(number in said for number in CLEAR)
    async with house.store.read() as records:
        looks = [look for look in await records.audit.by("li") if look.action == "numbers_seen"]
    assert [(look.subject, look.reason) for look in looks] == [(caller.session, "核对")]


async def test_a_masked_number_is_kept_whole_when_the_draft_is_filled(house, make_seat, caller):
    await caller.say(SAID)
    await caller.until("done")
    seat = await make_seat()
    path = await taken(seat)
    fields = {"phone": "138****8000", "matter": "回电138****8000，139****9000"}
    told = (await seat.post(f"{path}/draft", {"fields": fields}))[1]
    assert told["draft"]["phone"] == "138****8000"
    async with house.store.read() as records:
        draft = (await records.handoffs.open_of(caller.session)).draft
    assert draft["phone"] == "13800138000"
    assert draft["matter"] == "回电13800138000，139****9000"  # nobody said that one


async def test_another_agent_a_supervisor_and_the_next_one_see_none(make_seat, caller):
    await caller.say(SAID)
    await caller.until("done")
    mine, other = await make_seat("li"), await make_seat("wang")
    boss = await make_seat("wu", "supervisor")
    path = await taken(mine)
    numbers = f"sessions/{caller.session}/numbers"
    for seat in (other, boss):
        status, told = await seat.post(numbers, {"reason": "r"})
        assert (status, told["error"]["code"]) == (403, "not_yours")
    await mine.post(numbers, {"reason": "r"})
    await mine.post(f"{path}/release", {"to": "queue"})
    clear, said = await words(mine, caller.session)  # it waits: no longer theirs
    assert (clear, CLEAR[0] in said) == (False, False)
    await taken(other)
    assert not (await words(other, caller.session))[0]
