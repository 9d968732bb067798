"""The mini-program: its pages driven against a gateway, its types, and the platform's rules."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from bot.live import Live
from bot.settings import ROOT
from tests.miniprogram.gateway import gateway
from tests.miniprogram.pages import drive

HERE = Path(__file__).parent
PROGRAM = ROOT / "bot" / "miniprogram"
PACKAGE_BYTES = 2 * 1024 * 1024  # of a main package
SOURCES = sorted(path for path in PROGRAM.rglob("*") if path.is_file())
SCRIPTS = [path for path in SOURCES if path.suffix == ".js"]
APP = json.loads((PROGRAM / "app.json").read_text(encoding="utf-8"))

# https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
PRIVATE = {"chooseLocation"}
# what the sandbox does not have, or the platform forbids
FORBIDDEN = re.compile(
    r"\beval\(|new Function\(|\bdocument\.|\bwindow\.|\blocalStorage\b|\bfetch\("
)
ADDRESS = re.compile(r"(https?|wss?)://(?!developers\.weixin\.qq\.com)")
CALLED = re.compile(r"\bwx\.([a-zA-Z]+)|\bask\('([a-zA-Z]+)'")


@pytest.mark.node
@pytest.mark.parametrize("name", ["chat", "tickets", "guide", "phone"])
async def test_the_pages_against_a_gateway(
    modules: Path, name: str, tmp_path: Path, redis_url: str, live: Live
) -> None:
    async with gateway(tmp_path, redis_url) as address:
        await drive(name, address)


@pytest.mark.node
def test_the_types_of_the_platform(modules: Path) -> None:
    command = [str(modules / ".bin" / "tsc"), "-p", str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.node
def test_every_call_exists_in_the_platforms_own_list(modules: Path) -> None:
    listed = (modules / "miniprogram-api-typings/types/wx/lib.wx.api.d.ts").read_text("utf-8")
    known = set(re.findall(r"^ {8}([a-zA-Z]+)[(<]", listed, re.MULTILINE)) | {"env"}
    called = {
        one or other for path in SCRIPTS for one, other in CALLED.findall(path.read_text("utf-8"))
    }
    assert called
    assert called <= known


def test_the_package_is_small_enough() -> None:
    assert sum(path.stat().st_size for path in SOURCES) <= PACKAGE_BYTES


@pytest.mark.parametrize("page", APP["pages"])
def test_a_page_is_whole(page: str) -> None:
    for suffix in (".js", ".json", ".wxml", ".wxss"):
        assert (PROGRAM / (page + suffix)).is_file()
    told = json.loads((PROGRAM / (page + ".json")).read_text(encoding="utf-8"))
    for used in told["usingComponents"].values():
        assert (PROGRAM / Path(page).parent / used).with_suffix(".wxml").resolve().is_file()


def test_tabs_are_pages_and_not_more_than_five() -> None:
    tabs = [tab["pagePath"] for tab in APP["tabBar"]["list"]]
    assert 2 <= len(tabs) <= 5
    assert set(tabs) <= set(APP["pages"])
    assert APP["pages"][0] in tabs


def test_private_interfaces_are_declared() -> None:
    text = "".join(path.read_text("utf-8") for path in SCRIPTS)
    assert {name for name in PRIVATE if name in text} == set(APP["requiredPrivateInfos"])
    assert APP["__usePrivacyCheck__"] is True


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(PROGRAM)))
def test_a_script_keeps_to_the_platforms_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not FORBIDDEN.search(text)
    assert bool(ADDRESS.search(text)) is (path.name == "config.js")
    assert "openid" not in text.replace("The openid never", "")


def test_the_base_library_is_stated_and_nobodys_account_is_in_it() -> None:
    told = json.loads((PROGRAM / "project.config.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["libVersion"])
    assert told["appid"] == "touristappid"
