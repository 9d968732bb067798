"""What axe finds wrong with a page, as far as it is serious or critical."""

from pathlib import Path

import axe_playwright_python
from playwright.async_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LEVELS = {"serious", "critical"}
# colours on their way from one state to the next are nobody's to read
SETTLED = """Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished.catch(() => null)))"""


async def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Rule and places."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    await page.evaluate(SETTLED)
    found = await page.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    return [
        (v["id"], [node["html"][:120] for node in v["nodes"]])
        for v in found["violations"]
        if v["impact"] in LEVELS
    ]
