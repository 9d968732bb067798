"""The key that signs session tokens: from the settings, or made once, kept in the data folder."""

import os
import secrets

from bot.settings import Settings

BYTES = 32


def signing_key(settings: Settings) -> bytes:
    """The key, the same for every process over one data folder.

    Without one in the settings a random one is made; of two processes that start at once the
    first to write wins, and both use that one.
    """
    configured = settings.secret.get_secret_value()
    if configured:
        return configured.encode()
    path = settings.data / "secret"
    if not path.exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().encode()
