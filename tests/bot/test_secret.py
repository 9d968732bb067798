"""The signing key: configured, or made once for all processes of a data folder."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from bot.secret import signing_key
from bot.settings import Settings


def test_a_configured_key_is_used(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret=SecretStr("s3cret"))
    assert signing_key(settings) == b"s3cret"
    assert not (tmp_path / "secret").exists()


def test_one_key_for_all_that_start_at_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signing_key(settings), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]
