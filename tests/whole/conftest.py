"""One ``./hotline up`` for every test of the whole."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.hotline import Hotline, hotline


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    """Everything on embedded defaults, on ports and a folder of its own."""
    async with hotline(tmp_path_factory.mktemp("hotline")) as started:
        yield started
