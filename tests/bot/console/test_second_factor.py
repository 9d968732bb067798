"""The second factor: set, asked for, good once, taken away."""

import io
from datetime import timedelta

import pyotp
import pytest
import segno

from bot.clock import now
from bot.console.codes import accepted
from bot.console.parts import CONSOLE
from tests.bot.console.house import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP" * 2


def code(secret, seconds=0):
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-30, 0, 30])
async def test_a_code_is_good_once(live, seconds):
    at = now()
    right = pyotp.TOTP(SECRET).at(at + timedelta(seconds=seconds))
    assert await accepted(live, "li", SECRET, right, at)
    assert not await accepted(live, "li", SECRET, right, at)


@pytest.mark.parametrize("wrong", ["", "12345", "abcdef", "１２３４５６", "0" * 400])
async def test_what_is_no_code(live, wrong):
    assert not await accepted(live, "li", SECRET, wrong, now())


async def test_an_old_code_is_refused(live):
    assert not await accepted(live, "li", SECRET, code(SECRET, -120), now())


async def set_up(seat):
    secret = (await seat.post("second-factor", {}))[1]["secret"]
    wrong = await seat.post("second-factor/confirm", {"code": "000000"})
    assert wrong[1]["error"]["code"] == "wrong_code"
    assert (await seat.post("second-factor/confirm", {"code": code(secret)}))[0] == 200
    return secret


async def sign_in(seat, **more):
    status, told = await seat.post("login", {"login": "li", "password": PASSWORD} | more)
    seat.csrf = told.get("csrf", "")
    return status, told.get("error", {}).get("code")


async def test_a_code_is_asked_for_once_it_is_set(house, make_seat):
    seat = await make_seat()
    secret = await set_up(seat)
    assert (await seat.post("second-factor", {}))[0] == 409
    other = await make_seat(role=None)
    assert await sign_in(other) == (400, "second_factor")
    assert await sign_in(other, code="000000") == (400, "wrong_code")
    assert await sign_in(other, code=code(secret)) == (400, "wrong_code")  # used to set it up
    assert await sign_in(other, code=code(secret, 30)) == (200, None)
    assert (await other.get("me"))[1]["factor"] is True
    assert secret not in str(await other.get("me"))


async def test_a_lost_phone_is_an_administrators_matter(house, make_seat):
    seat, boss = await make_seat(), await make_seat("wu", "admin")
    await set_up(seat)
    path = "agents/li/second-factor/reset"
    assert (await seat.post(path, {"reason": "r"}))[0] == 403
    assert (await boss.post(path, {"reason": " "}))[0] == 400
    assert (await boss.post(path, {"reason": "r"}))[0] == 200
    assert (await seat.get("me"))[0] == 401
    assert await sign_in(seat) == (200, None)


async def test_where_everybody_must_have_one_nothing_else_is_open_before(house, make_seat):
    seat = await make_seat()
    house.app[CONSOLE].access.second_factor = True
    status, told = await seat.get("tickets")
    assert (status, told["error"]["code"]) == (403, "second_factor_missing")
    assert (await seat.get("me"))[0] == 200
    await set_up(seat)
    assert (await seat.get("tickets"))[0] == 200


async def test_the_key_is_drawn_as_a_code_until_it_is_confirmed(make_seat):
    seat = await make_seat()
    path = "/api/desk/second-factor.svg"
    async with seat.client.get(path) as answer:
        assert answer.status == 400
    told = (await seat.post("second-factor", {}))[1]
    drawn = io.BytesIO()
    segno.make_qr(told["address"], error="m").save(drawn, kind="svg", scale=4, light="#fff")
    async with seat.client.get(path) as answer:
        assert answer.content_type == "image/svg+xml"
        assert answer.headers["Cache-Control"] == "no-store"
        assert await answer.read() == drawn.getvalue()
    await seat.post("second-factor/confirm", {"code": code(told["secret"])})
    async with seat.client.get(path) as answer:
        assert answer.status == 400
