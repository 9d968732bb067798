"""What the mini-program's pages ask over HTTP, on real records, with the platform's stand-in."""

import pytest

from bot.channels.tokens import Tokens
from bot.channels.wechat.guide import hot
from bot.channels.wechat.people import person_in
from bot.rules.session import Channel
from bot.rules.ticket import TicketStatus
from tests.bot.channels.wechat.conftest import KEY, TEMPLATES, on_both
from tests.bot.channels.wechat.pages import ME, OTHER, UNIT, Mini, Page
from tests.pictures import PNG


async def test_without_the_agreement_nothing_is_kept(mini: Mini) -> None:
    status, told = await mini.login(ME, agreed=False)
    assert (status, told["error"]["code"]) == (400, "agreement_needed")
    assert (await mini.login(ME))[0] == 200
    assert (await mini.login(ME, agreed=False))[0] == 200


async def test_a_code_is_good_once(mini: Mini) -> None:
    code = mini.world.platform.code_for(ME)
    assert (await mini.login(ME, code=code))[0] == 200
    status, told = await mini.login(ME, code=code)
    assert (status, told["error"]["code"]) == (400, "code_used")
    status, told = await mini.login(ME, code="x")
    assert (status, told["error"]["code"]) == (400, "code_invalid")


async def test_coming_back_goes_on_with_the_session(mini: Mini) -> None:
    first, again, other = await mini.page(), await mini.page(), await mini.page(OTHER)
    assert first.session_id == again.session_id
    assert person_in(first.session_id) != person_in(other.session_id)
    assert ME not in first.token


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer web-" + "0" * 32 + ".9.0"]
)
async def test_without_a_token_there_is_nothing(mini: Mini, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    for method, path in [("GET", "tickets"), ("POST", "phone"), ("POST", "pictures")]:
        async with mini.client.request(method, f"/api/wechat/{path}", headers=headers) as answer:
            assert answer.status == 401


async def test_a_web_pages_token_opens_nothing_here(mini: Mini) -> None:
    token = Tokens(KEY).begin(mini.world.time())
    assert (await Page(mini.client, token.text).ask("GET", "tickets"))[0] == 401


@on_both
async def test_a_ticket_is_seen_by_its_person_alone(mini: Mini) -> None:
    me, other = await mini.page(), await mini.page(OTHER)
    number = await mini.ticket(me.session_id)
    _, told = await me.ask("GET", "tickets")
    assert [row["ticket_no"] for row in told["tickets"]] == [number]
    assert told["tickets"][0]["light"] == "green"
    assert (await other.ask("GET", "tickets"))[1]["tickets"] == []
    for method, path in [("GET", ""), ("POST", "/urge"), ("POST", "/withdraw"), ("POST", "/rate")]:
        status, _ = await other.ask(method, f"tickets/{number}{path}", json={"grade": 1})
        assert status == 404
    assert (await mini.world.desk.find(number)).progress.urgings == 0


async def test_a_phone_ticket_appears_once_the_number_is_verified(mini: Mini) -> None:
    async with mini.world.store.begin() as records:
        await records.sessions.begin("call-1", Channel.PHONE, "13800138000", mini.world.time())
    number = await mini.ticket("call-1", channel="phone")
    me = await mini.page()
    assert (await me.ask("GET", f"tickets/{number}"))[0] == 404
    code = mini.world.platform.phone_code_for("13800138000")
    assert await me.post("phone", code=code) == (
        200,
        {"phone": "138****8000", "templates": list(TEMPLATES.values())},
    )
    status, told = await me.ask("GET", f"tickets/{number}")
    assert (status, told["channel"]) == (200, "phone")
    status, kept = await me.upload("pictures", PNG, ticket_no=number)
    assert (status, kept["ticket_no"]) == (200, number)


async def test_urging_and_withdrawing(mini: Mini) -> None:
    me = await mini.page()
    number = await mini.ticket(me.session_id)
    _, told = await me.post(f"tickets/{number}/urge", reason="三天了")
    assert told["urgings"] == 1
    _, told = await me.post(f"tickets/{number}/withdraw")
    assert (told["status"], told["can"]["urge"]) == ("withdrawn", False)
    assert [step["event"] for step in told["timeline"]] == ["opened", "urge", "withdraw"]
    status, told = await me.post(f"tickets/{number}/withdraw")
    assert status == 400


@on_both
@pytest.mark.parametrize(("grade", "status"), [(5, "archived"), (1, "in_progress")])
async def test_rating_the_result(mini: Mini, grade: int, status: str) -> None:
    me = await mini.page()
    number = await mini.ticket(me.session_id)
    await mini.close(number)
    _, told = await me.ask("GET", f"tickets/{number}")
    assert (told["can"]["rate"], told["reply"]) == (True, "已修好")
    for wrong in (0, 6, True, "5", None):
        assert (await me.post(f"tickets/{number}/rate", grade=wrong))[0] == 400
    answer, told = await me.post(f"tickets/{number}/rate", grade=grade, comment="c")
    assert answer == 200
    assert told["can"]["rate"] is False
    archived = (await mini.world.desk.find(number)).status is TicketStatus.ARCHIVED
    assert archived is (status == "archived")


@on_both
async def test_a_picture_before_the_ticket_lands_on_it(mini: Mini) -> None:
    me, other = await mini.page(), await mini.page(OTHER)
    status, kept = await me.upload("pictures", PNG, key="picture-1")
    assert (status, kept["ticket_no"]) == (200, None)
    assert (await me.upload("pictures", PNG, key="picture-1"))[1]["id"] == kept["id"]
    number = await mini.ticket(me.session_id)
    _, told = await me.ask("GET", f"tickets/{number}")
    assert [one["id"] for one in told["attachments"]] == [kept["id"]]
    for page, status in ((me, 200), (other, 404)):
        async with page.client.get(
            f"/api/wechat/pictures/{kept['id']}",
            headers={"Authorization": f"Bearer {page.token}"},
        ) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_unreadable"),
        (b"<svg onload=alert(1)>", "picture_unreadable"),
        (b"GIF89a", "picture_unreadable"),
        (PNG + b"0" * 5 * 1024 * 1024, "picture_too_big"),
    ],
    ids=["empty", "svg", "gif", "big"],
)
async def test_what_is_no_picture(mini: Mini, data: bytes, code: str) -> None:
    me = await mini.page()
    status, told = await me.upload("pictures", data)
    assert (status, told["error"]["code"]) == (400, code)


async def test_a_picture_is_checked_by_the_platform(mini: Mini) -> None:
    me = await mini.page()
    _, kept = await me.upload("pictures", PNG)
    asked = mini.world.platform.checked[0]
    path = asked["media_url"].removeprefix("https://12345.example")
    async with mini.client.get(path) as answer:
        assert await answer.read() == PNG
    async with mini.client.get(path[:-1] + ("0" if path[-1] != "0" else "1")) as answer:
        assert answer.status == 404
    verdict = {
        "MsgType": "event",
        "Event": "wxa_media_check",
        "trace_id": asked["trace_id"],
        "result": {"suggest": "risky", "label": 20001},
    }
    mini.world.pusher.as_json = True
    await mini.world.pusher.push(mini.world.pusher.around(ME, verdict))
    await mini.world.postman.work()
    async with mini.world.store.read() as records:
        found = await records.attachments.find(kept["id"])
    assert found is not None
    assert found.verdict == "risky"
    async with mini.client.get(path) as answer:
        assert answer.status == 404


async def test_a_remark_is_told_to_the_unit(mini: Mini) -> None:
    me = await mini.page()
    number = await mini.ticket(me.session_id)
    await mini.world.desk.transfer(number, UNIT, by="a")
    _, told = await me.post(f"tickets/{number}/remarks", text="又坏了一盏")
    assert [one["text"] for one in told["attachments"]] == ["又坏了一盏"]
    async with mini.world.store.read() as records:
        letters = await records.outbox.of(number)
    assert [letter.kind for letter in letters][-1] == "supplement"
    mini.world.platform.risky.add("坏话")
    asked = [
        ("remarks", {"text": "坏话"}),
        ("urge", {"reason": "坏话"}),
        ("withdraw", {"reason": "坏话"}),
    ]
    for what, body in [*asked, ("rate", {"grade": 1, "of": "service", "comment": "坏话"})]:
        status, told = await me.post(f"tickets/{number}/{what}", **body)
        assert (status, told["error"]["code"]) == (400, "risky_content")
    assert (await mini.world.desk.find(number)).progress.urgings == 0
    mini.world.platform.fail["/wxa/msg_sec_check"] = [-1]
    assert (await me.post(f"tickets/{number}/remarks", text="检查坏了"))[0] == 200


async def test_a_recording_is_heard(mini: Mini) -> None:
    me = await mini.page()
    status, told = await me.upload("recordings", "路灯坏了".encode(), format="mp3")
    assert (status, told["text"]) == (200, "路灯坏了")
    assert (await me.upload("recordings", b"", format="mp3"))[1]["error"]["code"] == "audio_empty"
    assert (await me.upload("recordings", b"x", format="exe"))[0] == 400
    assert (await me.post("recordings", format="mp3"))[1]["error"]["code"] == "body_malformed"


async def test_the_guide_answers_what_it_offers(mini: Mini) -> None:
    async with mini.client.get("/api/wechat/guide") as answer:
        assert (await answer.json())["hot"] == list(hot())
    for question in hot():
        async with mini.client.get("/api/wechat/guide", params={"q": question}) as answer:
            told = await answer.json()
        assert told["answer"]["question"] == question
        assert told["answer"]["source"]
        assert told["answer"]["as_of"]
