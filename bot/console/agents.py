"""Agents' accounts: the first one of a new hotline, and those that an administrator makes."""

from aiohttp import web

from bot.clock import Clock
from bot.console import passwords
from bot.console.parts import CONSOLE, SEAT, body, word
from bot.console.roles import ROLES, Deed, allow
from bot.rules.errors import Rejected
from bot.rules.handoff import Skill
from bot.store import Agent, Look, Store

FIRST_LOGIN = "admin"


async def first_admin(store: Store, name: str, clock: Clock) -> str | None:
    """Make the first account; its password, told this once. None when there are accounts."""
    async with store.read() as records:
        if await records.agents.all():
            return None
    password = passwords.made()
    kept = await passwords.hashed(password)
    try:
        async with store.begin() as records:
            if await records.agents.all():
                return None
            skills = tuple(skill.value for skill in Skill)
            agent = Agent(FIRST_LOGIN, name, "admin", skills, kept, clock())
            await records.agents.add(agent)
            await records.audit.add(Look(FIRST_LOGIN, "agent_added", FIRST_LOGIN, clock()))
    except Rejected:  # another process made it at the same instant
        return None
    return password


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/agents``."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.MANAGE_AGENTS)
    async with console.store.read() as records:
        agents = await records.agents.all()
    there = await console.attendance.there() or frozenset()
    rows = [
        {
            "login": agent.login,
            "name": agent.name,
            "role": agent.role,
            "skills": list(agent.skills),
            "active": agent.active,
            "there": agent.login in there,
        }
        for agent in agents
    ]
    return web.json_response({"agents": rows})


async def add(request: web.Request) -> web.Response:
    """``POST /api/desk/agents {login, name, role, skills}``: the password is told this once."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.MANAGE_AGENTS)
    login, role = word(told, "login", most=64).strip(), word(told, "role")
    if not login.isascii() or not login.isalnum():
        raise Rejected("login: letters and digits", code="field_malformed", field="login")
    if role not in ROLES:
        raise Rejected("no such role", code="field_malformed", field="role")
    skills = told.get("skills", [Skill.MANDARIN.value])
    if not isinstance(skills, list) or not set(map(str, skills)) <= {s.value for s in Skill}:
        raise Rejected("no such skill", code="field_malformed", field="skills")
    password = passwords.made()
    kept = await passwords.hashed(password)
    name, at = word(told, "name", most=64), console.clock()
    async with console.store.begin() as records:
        await records.agents.add(Agent(login, name, role, tuple(skills), kept, at))
        await records.audit.add(Look(seat.login, "agent_added", login, at))
    return web.json_response({"login": login, "password": password}, status=201)


async def change_password(request: web.Request) -> web.Response:
    """``POST /api/desk/password {old, new}``: one's own."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    async with console.store.read() as records:
        agent = await records.agents.find(seat.login)
    old, new = word(told, "old"), word(told, "new")
    if not await console.live.allow(f"desk.password:{seat.login}", 5, 60):
        raise Rejected("too many tries", code="too_many")
    if not await passwords.matches(agent.password if agent else None, old):
        raise Rejected("the old password is wrong", code="wrong_password", field="old")
    kept = await passwords.hashed(new)
    async with console.store.begin() as records:
        await records.agents.change(seat.login, password=kept)
        await records.audit.add(Look(seat.login, "password_changed", seat.login, console.clock()))
    return web.json_response({})
