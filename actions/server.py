"""The action server: rasa_sdk's executor behind one HTTP address on loopback.

rasa_sdk's own server is Sanic with worker processes of its own; ours runs in this process's event
loop, so that actions share its database connections, and a command can run it beside a dialogue.
"""

from collections.abc import Callable

from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions import answer, judging, refer, report, talk, tickets
from actions.base import HotlineAction
from actions.services import Services

ACTIONS: tuple[type[HotlineAction], ...] = (
    answer.Answer,
    judging.Judge,
    refer.Refer,
    report.StartReport,
    report.FillReport,
    report.AskPlace,
    report.AskPhone,
    report.ReadBack,
    report.OpenTicket,
    report.CancelReport,
    tickets.TellStatus,
    tickets.Urge,
    tickets.Withdraw,
    tickets.Dissatisfied,
    talk.HandOff,
    talk.Crisis,
    talk.Abuse,
    talk.Clarify,
    talk.Repeat,
    talk.FollowUp,
    talk.Resume,
)
CALL_MAX_BYTES = 8 * 1024 * 1024  # a long conversation's tracker comes with every call


def executor(services: Services) -> ActionExecutor:
    """The actions, made with what they work with."""
    made = ActionExecutor()
    for action in ACTIONS:
        made.register_action(action(services))
    return made


def application(executor_for: Callable[[str], ActionExecutor]) -> web.Application:
    """``POST /webhook`` as Rasa calls it, and ``GET /health``.

    ``executor_for`` gives the actions of a session: one for all in production.
    """

    async def webhook(request: web.Request) -> web.Response:
        call = await request.json()
        try:
            result = await executor_for(call["sender_id"]).run(call)
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            return web.json_response(body, status=400)
        except ActionNotFoundException as missing:
            body = {"error": missing.message, "action_name": missing.action_name}
            return web.json_response(body, status=404)
        return web.json_response(result.model_dump() if result else None)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=CALL_MAX_BYTES)
    app.router.add_post("/webhook", webhook)
    app.router.add_get("/health", health)
    return app
