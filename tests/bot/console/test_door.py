"""The desk's door: who passes, who does not, and what is kept of it."""

import pytest

from bot.clock import now
from bot.console.access import WRONG_BEFORE_LOCK
from bot.console.agents import first_admin
from tests.bot.console.conftest import taken
from tests.bot.console.house import PASSWORD


async def test_signing_in_and_out(house, make_seat):
    seat = await make_seat("li", role=None)
    await house.hire("li")
    assert (await seat.get("me"))[0] == 401
    assert await seat.sign_in("li") == 200
    status, me = await seat.get("me")
    assert (status, me["login"], me["role"]) == (200, "li", "agent")
    assert "password" not in str(me)
    assert (await seat.post("logout", {}))[0] == 200
    assert (await seat.get("me"))[0] == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(make_seat):
    seat = await make_seat()
    async with seat.client.post(
        "/api/desk/login",
        json={"login": "li", "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    ) as response:
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" in cookie


@pytest.mark.parametrize(("login", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("li", "")])
async def test_a_wrong_password_and_an_unknown_login_look_the_same(
    house, make_seat, login, password
):
    await house.hire("li")
    seat = await make_seat(role=None)
    status, told = await seat.post("login", {"login": login, "password": password})
    assert (status, told["error"]["code"]) == (400, "wrong_password")


async def test_wrong_passwords_lock_the_account(house, make_seat):
    await house.hire("li")
    seat = await make_seat(role=None)
    for _ in range(WRONG_BEFORE_LOCK):
        await seat.sign_in("li", "wrong")
    status, told = await seat.post("login", {"login": "li", "password": PASSWORD})
    assert (status, told["error"]["code"]) == (429, "locked_out")
    async with house.store.read() as records:
        looks = await records.audit.by("li")
    assert looks[0].action == "locked_out"


@pytest.mark.parametrize("csrf", ["", "wrong", "x" * 43])
async def test_a_change_without_the_token_is_refused(make_seat, csrf):
    seat = await make_seat()
    seat.csrf = csrf
    status, told = await seat.post("handoffs/1/accept", {})
    assert (status, told["error"]["code"]) == (403, "csrf")


async def test_a_change_from_another_site_is_refused(make_seat):
    seat = await make_seat()
    status, told = await seat.post("handoffs/1/accept", {}, Origin="https://evil.example")
    assert (status, told["error"]["field"]) == (403, "Origin")


@pytest.mark.parametrize("cookie", ["forged", "x" * 5_000, "desk:session:1"])
async def test_a_forged_cookie_opens_nothing(make_seat, cookie):
    seat = await make_seat(role=None)
    async with seat.client.get("/api/desk/me", cookies={"hotline_desk": cookie}) as response:
        assert response.status == 401


async def refused(house, login):
    async with house.store.read() as records:
        looks = await records.audit.by(login)
    return [(look.reason.split()[0], look.subject) for look in looks if look.action == "refused"]


async def test_a_forged_request_is_on_the_trail_once_in_a_while(house, make_seat):
    stranger, seat = await make_seat(role=None), await make_seat()
    for _ in range(3):
        async with stranger.client.get("/api/desk/me", cookies={"hotline_desk": "forged"}):
            pass
        await seat.post("state", {"state": "idle"}, **{"X-CSRF-Token": "forged"})
        await seat.post("state", {"state": "idle"}, Origin="https://evil.example")
    assert await refused(house, "?") == [
        ("csrf", "POST /api/desk/state"),
        ("unauthenticated", "GET /api/desk/me"),
    ]
    assert await refused(house, "li") == [("csrf", "POST /api/desk/state")]
    assert (await stranger.get("me"))[0] == 401  # without a cookie it is just a page
    assert len(await refused(house, "?")) == 2


async def test_a_look_at_anothers_conversation_is_on_the_trail(house, make_seat, caller):
    mine, other = await make_seat("li"), await make_seat("wang")
    await taken(mine)
    assert (await other.get(f"sessions/{caller.session}"))[0] == 403
    assert (await other.get("agents"))[0] == 403
    found = await refused(house, "wang")
    assert set(found) == {
        ("not_yours", f"GET /api/desk/sessions/{caller.session}"),
        ("forbidden", "GET /api/desk/agents"),
    }


async def test_one_session_an_agent(make_seat):
    first = await make_seat("li")
    second = await make_seat("li", role=None)
    assert await second.sign_in("li") == 200
    assert (await second.get("me"))[0] == 200
    assert (await first.get("me"))[0] == 401


async def test_the_first_administrator_is_made_once(house, make_seat):
    password = await first_admin(house.store, "a", now)
    assert await first_admin(house.store, "a", now) is None
    seat = await make_seat(role=None)
    assert await seat.sign_in("admin", password) == 200
    body = {"login": "wang", "name": "w", "role": "agent"}
    status, made = await seat.post("agents", body)
    assert status == 201
    other = await make_seat(role=None)
    assert await other.sign_in("wang", made["password"]) == 200
    assert (await other.get("agents"))[0] == 403
    assert (await seat.post("agents", body))[0] == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"login": "a b", "name": "x", "role": "agent"}, "login"),
        ({"login": "ab", "name": "x", "role": "king"}, "role"),
        ({"login": "ab", "name": "x", "role": "agent", "skills": ["fly"]}, "skills"),
        ({"login": "ab", "role": "agent"}, "name"),
    ],
)
async def test_a_malformed_account_is_refused(make_seat, body, field):
    seat = await make_seat("boss", "admin")
    status, told = await seat.post("agents", body)
    assert (status, told["error"]["field"]) == (400, field)


async def test_a_password_is_changed(make_seat):
    seat = await make_seat()
    told = await seat.post("password", {"old": PASSWORD, "new": "short"})
    assert told[1]["error"]["code"] == "password_weak"
    assert (await seat.post("password", {"old": "x", "new": "another-horse-34"}))[0] == 400
    assert (await seat.post("password", {"old": PASSWORD, "new": "another-horse-34"}))[0] == 200
    assert await seat.sign_in("li", "another-horse-34") == 200
