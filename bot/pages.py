"""Pages for people: a folder with ``index.html``, its words in ``strings.json``, scripts, styles.

``{{key}}`` in the HTML stands for a word of ``strings.json``; it is put in once, at start.
"""

import html
import json
import re
from pathlib import Path

from aiohttp import web

PLACE = re.compile(r"\{\{([\w.]+)\}\}")


def render(folder: Path) -> str:
    """The folder's page with its words in. KeyError for a place that has no word."""
    words = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    page = (folder / "index.html").read_text(encoding="utf-8")
    return PLACE.sub(lambda place: html.escape(words[place[1]]), page)


def add_page(app: web.Application, path: str, name: str, folder: Path) -> None:
    """Serve the folder's page at ``path`` and its files under ``/static/NAME/``."""
    text = render(folder)

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    app.router.add_get(path, page)
    app.router.add_static(f"/static/{name}/", folder, append_version=False)
