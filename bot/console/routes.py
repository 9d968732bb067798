"""The desk's addresses."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from bot.console import (
    agents,
    call_backs,
    cases,
    door,
    floor,
    handoffs,
    inspections,
    missed,
    numbers,
    partners,
    pictures,
    recordings,
    reports,
    second_factor,
    single_sign_on,
    switches,
    tickets,
    together,
)
from bot.console.editing import Speak
from bot.console.knowledge import add_knowledge
from bot.console.parts import CONSOLE, Console
from bot.console.socket import desk_socket
from bot.console.voice_line import LINE, VoiceLine, line_socket
from bot.pages import add_page
from bot.recordings import Recordings

TICKET = r"/api/desk/tickets/{ticket_no}"
HANDOFF = r"/api/desk/handoffs/{handoff_id:\d+}"
MISSED = r"/api/desk/missed/{missed_id:\d+}"
CALL_BACK = r"/api/desk/call-backs/{call_back_id:\d+}"
SESSION = r"/api/desk/sessions/{session_id}"


def add_console(
    app: web.Application,
    console: Console,
    recorded: Recordings,
    speak: Speak | None = None,
    sign_on: single_sign_on.SingleSignOn | None = None,
    line: VoiceLine | None = None,
) -> None:
    """Serve the desk's page, its API and its WebSocket, behind the door. ``speak`` lets editors
    listen to an entry; ``sign_on`` lets people in by the city's own accounts;
    ``line`` lets agents speak to callers on the phone.
    """
    app[CONSOLE] = console
    app[single_sign_on.SIGN_ON] = sign_on
    app[LINE] = line
    app[recordings.RECORDINGS] = recorded
    app.middlewares.append(door.door)
    app.cleanup_ctx.append(_watching)
    app[reports.REPORTS] = reports.Reports(console.store, console.clock)
    here = Path(__file__).parent
    add_page(app, "/desk", "desk", here / "page")
    add_page(app, "/desk/report", "report", here / "report_page")
    add_page(app, "/desk/call-backs", "call-backs", here / "call_back_page")
    add_page(app, "/desk/recording", "recording", here / "recording_page")
    add_page(app, "/desk/knowledge", "knowledge", here / "knowledge_page")
    add_knowledge(app, speak)
    app.router.add_get("/ws/desk", desk_socket)
    app.router.add_get("/ws/desk/call", line_socket)
    app.router.add_routes(
        [
            web.post("/api/desk/login", door.sign_in),
            web.post("/api/desk/logout", door.sign_out),
            web.get("/api/desk/me", door.me),
            web.get("/api/desk/ways", single_sign_on.ways),
            web.get(single_sign_on.PATH, single_sign_on.go),
            web.get(f"{single_sign_on.PATH}/back", single_sign_on.returned),
            web.post("/api/desk/password", agents.change_password),
            web.get("/api/desk/agents", agents.listed),
            web.post("/api/desk/agents", agents.add),
            web.post("/api/desk/second-factor", second_factor.begin),
            web.get("/api/desk/second-factor.svg", second_factor.picture),
            web.post("/api/desk/second-factor/confirm", second_factor.confirm),
            web.post("/api/desk/agents/{login}/second-factor/reset", second_factor.reset),
            web.get("/api/desk/units", tickets.units),
            web.get("/api/desk/tickets", tickets.listed),
            web.get(TICKET, tickets.one),
            web.post(f"{TICKET}/lookers", together.lookers),
            web.get(f"{TICKET}/duplicates", together.duplicates),
            web.post("/api/desk/transfers", together.transfer),
            web.post(f"{TICKET}/transfer", tickets.transfer),
            web.post(f"{TICKET}/orders", tickets.order),
            web.post(f"{TICKET}/identity", tickets.identity),
            web.post(f"{TICKET}/forget", tickets.forget),
            web.get("/api/desk/handoffs", handoffs.listed),
            web.post(f"{HANDOFF}/accept", handoffs.accept),
            web.post(f"{HANDOFF}/release", handoffs.release),
            web.get(f"{HANDOFF}/case", cases.case),
            web.post(f"{HANDOFF}/draft", cases.fill),
            web.post(f"{HANDOFF}/ticket", cases.file),
            web.post(f"{HANDOFF}/offer", partners.offer),
            web.post(f"{HANDOFF}/take", partners.take),
            web.post(f"{HANDOFF}/decline", partners.decline),
            web.post(f"{HANDOFF}/skill", partners.to_skill),
            web.post(f"{HANDOFF}/invite", partners.invite),
            web.post(f"{HANDOFF}/leave", partners.leave),
            web.post(f"{HANDOFF}/takeover", partners.take_over),
            web.get("/api/desk/colleagues", partners.colleagues),
            web.post("/api/desk/state", partners.state),
            web.get(SESSION, handoffs.conversation),
            web.get(f"{SESSION}/recording", recordings.words),
            web.get(f"{SESSION}/recording.wav", recordings.sound),
            web.post(f"{SESSION}/say", handoffs.say),
            web.post(f"{SESSION}/pictures", pictures.send),
            web.get(f"{SESSION}/pictures/{{picture}}", pictures.see),
            web.post(f"{SESSION}/notes", partners.note),
            web.post(f"{SESSION}/numbers", numbers.look),
            web.post(f"{SESSION}/score", inspections.score),
            web.get(f"{SESSION}/replay", inspections.replay),
            web.get("/api/desk/inspections", inspections.listed),
            web.get("/api/desk/audit", inspections.audit),
            web.get("/api/desk/floor", floor.floor),
            web.get("/api/desk/switches", switches.listed),
            web.post("/api/desk/switches", switches.switch),
            web.get("/api/desk/missed", missed.listed),
            web.post(MISSED, missed.called_back),
            web.post(f"{MISSED}/number", missed.number),
            web.get("/api/desk/call-backs", call_backs.listed),
            web.post(CALL_BACK, call_backs.came),
            web.get("/api/desk/bursts", reports.bursts),
            web.get("/api/desk/reports/{month}", reports.month),
            web.get("/api/desk/reports/{month}/file", reports.file),
        ]
    )


async def _watching(app: web.Application) -> AsyncIterator[None]:
    """While the application runs callers whose agent is gone are given back, and pages are told."""
    console = app[CONSOLE]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(work())
            for work in (console.presence.watch, console.board.listen, console.shelf.open)
        ]
        yield
        for task in tasks:
            task.cancel()
