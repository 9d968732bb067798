"""Whether an agent sees a caller's numbers in clear."""

from bot.console.access import Seat
from bot.live import Live

SEEN_SECONDS = 4 * 3600


def seen_key(login: str, session_id: str) -> str:
    """Under which a look is remembered."""
    return f"desk.numbers:{login}:{session_id}"


async def sees(live: Live, seat: Seat, session_id: str, *, mine: bool) -> bool:
    """Only who has the caller, and has asked for it."""
    return mine and await live.get(seen_key(seat.login, session_id)) is not None
