"""From 人工 said to the caller's row on an idle agent's screen: all processes, a real browser.

Both clocks are this machine's: the caller's side notes when the words leave, the page when the
row is in the document and a frame has been painted with it.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import aiohttp
from playwright.async_api import Page as Screen

from bot.clock import now
from bot.desk import Desk
from bot.live import Live
from bot.store import Agent, Store
from tests.bench.progress import progress
from tests.bot.console.house import HASHED, PASSWORD
from tests.chromium import DESKTOP, chromium
from tests.hotline import Hotline, Page, hotline

SEEN_SECONDS = 10
WATCH = """() => {
  window.offered = {};
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("#queue-waiting [data-session]")) {
      const id = row.dataset.session;
      if (!(id in window.offered)) {
        window.offered[id] = 0;
        requestAnimationFrame(() => { window.offered[id] = Date.now(); });
      }
    }
  }).observe(document.querySelector("#queue-waiting"), { childList: true, subtree: true });
}"""


async def offered(samples: int) -> list[float]:
    """Seconds, one caller after the other."""
    with tempfile.TemporaryDirectory(prefix="hotline-offers-") as name:
        async with hotline(Path(name)) as running:
            store = await Store.open(running.settings.database)
            live = Live(running.settings.redis, deadline_seconds=5.0)
            async with store.begin() as records:
                await records.agents.add(Agent("li", "li", "agent", ("mandarin",), HASHED, now()))
            async with chromium(Path("nothing.wav")) as browser:
                screen = await (await browser.new_context(viewport=DESKTOP)).new_page()
                await _sign_in(screen, running)
                desk = Desk(store, live)
                with progress("offers", samples) as step:
                    took = []
                    for number in range(samples):
                        took.append(await _offer(running, screen, desk, number))
                        step()
            await live.close()
            await store.close()
    return took


async def _sign_in(screen: Screen, running: Hotline) -> None:
    await screen.goto(f"{running.base}/desk")
    await screen.fill("#login [name=login]", "li")
    await screen.fill("#login [name=password]", PASSWORD)
    await screen.click("#login button.main")
    await screen.wait_for_selector("#callers:not([hidden])")
    await screen.evaluate(WATCH)


async def _offer(running: Hotline, screen: Screen, desk: Desk, number: int) -> float:
    headers = {"X-Forwarded-For": f"2001:db8::{number + 1:x}"}  # limits count by address
    url = f"{running.base.replace('http', 'ws')}/ws/chat"
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(url, origin=running.base) as socket,
    ):
        page = Page(socket)
        await page.hello(None)
        session = page.token.split(".")[0]
        await asyncio.sleep(0.3)  # the greeting is out, the machine is idle
        began = time.time()
        await page.say("人工")
        script = f"window.offered['{session}'] || null"
        handle = await screen.wait_for_function(script, timeout=SEEN_SECONDS * 1000)
        seen = float(await handle.json_value()) / 1000
        await desk.abandon(session)
    return max(0.0, seen - began)
