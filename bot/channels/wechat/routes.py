"""Where WeChat's servers and the mini-program find us."""

from aiohttp import web

from bot.channels.wechat.callback import Callback


def add_wechat(app: web.Application, callback: Callback) -> None:
    """Serve the callback. An account that is not set up is not found."""
    app.router.add_get("/wechat/{account}", callback.prove)
    app.router.add_post("/wechat/{account}", callback.push)
