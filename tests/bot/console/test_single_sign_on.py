"""Signing in by OpenID Connect, against an issuer written from its specification."""

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from joserfc.jwk import RSAKey

from bot.clock import now
from bot.console.issuer import Client, Issuer
from bot.console.single_sign_on import PATH, SingleSignOn, read_roles
from bot.rules.errors import Unavailable
from tests.bot.console.house import PASSWORD, open_house
from tests.oidc_issuer import CLIENT, SECRET, served

PERSON = {"sub": "42", "preferred_username": "zhang.san", "name": "张", "roles": ["12345-agents"]}


@pytest.fixture
async def issuer():
    async with served() as stand_in:
        stand_in.claims = dict(PERSON)
        yield stand_in


@pytest.fixture
async def house(tmp_path, live, issuer):
    async with aiohttp.ClientSession() as http:
        other_side = Issuer(http, Client(issuer.url, CLIENT, SECRET), now)
        roles = read_roles("12345-chiefs:supervisor, 12345-agents:agent")
        sign_on = SingleSignOn(other_side, "roles", roles, "")
        async with open_house(tmp_path, live, sign_on) as opened:
            yield opened


async def goes(seat):
    """The browser as far as the issuer; the address that it is sent back to."""
    async with seat.client.get(PATH, allow_redirects=False) as answer:
        assert answer.status == 302
        there = answer.headers["Location"]
    async with seat.client.session.get(there, allow_redirects=False) as answer:
        return answer.headers["Location"]


async def comes_back(seat, address):
    """Where the browser ends."""
    async with seat.client.session.get(address, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"]


async def test_somebody_new_is_let_in_with_the_role_of_the_claim(house, make_seat):
    seat = await make_seat(role=None)
    assert (await seat.get("ways"))[1] == {"oidc": True}
    assert await comes_back(seat, await goes(seat)) == "/desk"
    status, me = await seat.get("me")
    assert (status, me["login"], me["name"], me["role"]) == (200, "zhangsan", "张", "agent")
    seat.csrf = me["csrf"]
    assert (await seat.post("state", {"state": "busy"}))[0] == 200
    assert (await seat.post("login", {"login": "zhangsan", "password": "!"}))[0] == 400


async def test_the_role_follows_the_claim_and_the_account_stays(house, issuer, make_seat):
    seat = await make_seat(role=None)
    await comes_back(seat, await goes(seat))
    issuer.claims |= {"roles": ["12345-agents", "12345-chiefs"], "preferred_username": "other"}
    assert await comes_back(seat, await goes(seat)) == "/desk"
    me = (await seat.get("me"))[1]
    assert (me["login"], me["role"]) == ("zhangsan", "supervisor")
    issuer.claims |= {"roles": ["accounting"]}
    assert await comes_back(seat, await goes(seat)) == "/desk?refused=oidc_no_role"


async def test_an_account_with_a_password_is_not_taken_over(house, make_seat):
    await house.hire("zhangsan", "admin")
    seat = await make_seat(role=None)
    assert await comes_back(seat, await goes(seat)) == "/desk"
    me = (await seat.get("me"))[1]
    assert me["login"].startswith("zhangsan")
    assert (me["login"] == "zhangsan", me["role"]) == (False, "agent")
    other = await make_seat(role=None)
    assert (await other.post("login", {"login": "zhangsan", "password": PASSWORD}))[0] == 200


async def test_a_new_key_of_the_issuer_is_fetched(house, issuer, make_seat):
    seat = await make_seat(role=None)
    assert await comes_back(seat, await goes(seat)) == "/desk"
    issuer.turn_key()
    assert await comes_back(seat, await goes(seat)) == "/desk"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "n"},
        {"nonce": None},
        {"exp": 1},
        {"iat": None},
        {"sub": None},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_is_refused(house, issuer, make_seat, change):
    issuer.wrong = lambda claims: {
        name: value for name, value in (claims | change).items() if value is not None
    }
    seat = await make_seat(role=None)
    assert await comes_back(seat, await goes(seat)) == "/desk?refused=oidc_refused"
    assert (await seat.get("me"))[0] == 401
    async with house.store.read() as records:
        refused = await records.audit.by("oidc")
    assert [look.action for look in refused] == ["sign_in_refused"]


async def test_a_forged_signature_is_refused(house, issuer, make_seat):
    issuer.signs_with = RSAKey.generate_key(2048, parameters={"kid": "1"})
    seat = await make_seat(role=None)
    assert await comes_back(seat, await goes(seat)) == "/desk?refused=oidc_refused"


async def test_only_the_browser_that_went_comes_back_and_once(house, make_seat):
    seat, other = await make_seat(role=None), await make_seat(role=None)
    address = await goes(seat)
    assert await comes_back(other, address) == "/desk?refused=oidc_refused"
    assert await comes_back(seat, address) == "/desk"
    assert await comes_back(seat, address) == "/desk?refused=oidc_refused"


async def test_a_forged_state_or_no_code_is_refused(house, make_seat):
    seat = await make_seat(role=None)
    address = await goes(seat)
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = address.split("?")[0]
    for query in ("", "?state=&code=x", f"?state={'x' * 64}&code=x", f"?state={state}&error=no"):
        assert await comes_back(seat, back + query) == "/desk?refused=oidc_refused"


async def test_an_issuer_that_is_away_is_told(tmp_path, live):
    async with aiohttp.ClientSession() as http:
        away = Issuer(http, Client("http://127.0.0.1:1", CLIENT), now)
        with pytest.raises(Unavailable):
            await away.ask("https://desk.example/api/desk/oidc/back")


def test_roles_are_ours():
    assert read_roles("a:agent, b:c:admin,") == {"a": "agent", "b:c": "admin"}
    with pytest.raises(ValueError, match="no such role"):
        read_roles("a:boss")
