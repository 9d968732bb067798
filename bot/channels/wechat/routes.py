"""Where WeChat's servers and the mini-program find us."""

from aiohttp import web

from bot.channels.wechat import entrance, guide, mine, uploads
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.door import Door

API = "/api/wechat"


def add_wechat(app: web.Application, callback: Callback, door: Door | None = None) -> None:
    """Serve the callback, and the mini-program's API where there is one."""
    app.router.add_get("/wechat/{account}", callback.prove)
    app.router.add_post("/wechat/{account}", callback.push)
    if door is None:
        return
    app[entrance.DOOR] = door
    app.router.add_post(f"{API}/login", entrance.login)
    app.router.add_post(f"{API}/phone", entrance.phone)
    app.router.add_post(f"{API}/consents", entrance.consents)
    app.router.add_post(f"{API}/recordings", uploads.recording)
    app.router.add_post(f"{API}/pictures", uploads.picture)
    app.router.add_get(f"{API}/pictures/{{id}}", mine.picture)
    app.router.add_get(f"{API}/tickets", mine.listed)
    app.router.add_get(f"{API}/tickets/{{no}}", mine.one)
    app.router.add_post(f"{API}/tickets/{{no}}/urge", mine.urge)
    app.router.add_post(f"{API}/tickets/{{no}}/withdraw", mine.withdraw)
    app.router.add_post(f"{API}/tickets/{{no}}/rate", mine.rate)
    app.router.add_post(f"{API}/tickets/{{no}}/remarks", mine.remark)
    app.router.add_get(f"{API}/guide", guide.search)
    app.router.add_get("/wechat-pictures/{id}/{proof}", uploads.public_picture)
