"""What may be heard at all: an utterance's text, cleaned before anybody thinks about it. Pure."""

import unicodedata

from bot.rules.errors import Rejected

TEXT_MAX_CHARACTERS = 2_000
ID_MAX_CHARACTERS = 128


def clean(text: str) -> str:
    """The text without control characters, surrogates and surrounding space, in composed form.

    Raises Rejected with code ``text_empty`` or ``text_too_long``.
    """
    if len(text) > TEXT_MAX_CHARACTERS:
        raise Rejected(
            f"an utterance has at most {TEXT_MAX_CHARACTERS} characters",
            code="text_too_long",
            field="text",
        )
    kept = (" " if c in "\r\n\t" else c for c in text if c in "\r\n\t" or _printable(c))
    cleaned = unicodedata.normalize("NFC", "".join(kept)).strip()
    if not cleaned:
        raise Rejected("an utterance needs words", code="text_empty", field="text")
    return cleaned


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
