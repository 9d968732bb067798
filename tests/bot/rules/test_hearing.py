from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import Rejected
from bot.rules.hearing import TEXT_MAX_CHARACTERS, clean


@given(st.text(max_size=5_000))
def test_what_is_kept_is_short_and_printable(text: str) -> None:
    try:
        kept = clean(text)
    except Rejected:
        assert len(text) > TEXT_MAX_CHARACTERS or not text.isprintable() or not text.strip()
        return
    assert 0 < len(kept) <= TEXT_MAX_CHARACTERS
    assert all(c.isprintable() or c.isspace() or ord(c) > 0x7F for c in kept)
    assert clean(kept) == kept
