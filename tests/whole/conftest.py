"""One ``./hotline up`` for every test of the whole, with a stand-in for WeChat's servers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.hotline import Hotline, hotline
from tests.wechat_server import AES_KEY, APP_ID, SECRET, TOKEN, WeChat, served


@pytest.fixture(scope="session")
def wechat() -> WeChat:
    """WeChat, with one app id for the mini-program and the official account."""
    return WeChat()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def wechat_url(wechat: WeChat) -> AsyncIterator[str]:
    """Where it answers."""
    async with served(wechat) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(
    tmp_path_factory: pytest.TempPathFactory, wechat_url: str
) -> AsyncIterator[Hotline]:
    """Everything on embedded defaults, on ports and a folder of its own."""
    environment = {"HOTLINE_WECHAT_URL": wechat_url}
    for account in ("MINIPROGRAM", "OFFICIAL"):
        prefix = f"HOTLINE_WECHAT_{account}"
        environment |= {f"{prefix}_ID": APP_ID, f"{prefix}_SECRET": SECRET}
        environment |= {f"{prefix}_TOKEN": TOKEN, f"{prefix}_AES_KEY": AES_KEY}
    async with hotline(tmp_path_factory.mktemp("hotline"), environment) as started:
        yield started
