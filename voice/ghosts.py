"""Words that nobody said: what a recogniser writes over silence, music and noise.

Pure but for reading its list once. Dropped words are asked for again; a short true answer
(是, 对, a lone digit) must pass.
"""

import re
from functools import cache
from pathlib import Path

import yaml

_SYMBOLS = re.compile(r"[\W_]+")
_LOOP = re.compile(r"(.{1,8}?)\1{5,}")

MOST_PER_SECOND = 11.0  # characters a second of voice; auctioneers manage nine
LEAST_PER_SECOND = 0.35


@cache
def captions() -> tuple[str, ...]:
    """The known captions."""
    lists = yaml.safe_load((Path(__file__).parent / "ghosts.yml").read_text("utf-8"))
    return tuple(word for words in lists.values() for word in words)


def ghost(
    text: str,
    *,
    voiced_seconds: float,
    confidence: float,
    no_speech: float,
    least_confidence: float = 0.25,
) -> str | None:
    """Why ``text`` is nobody's words, or None where it is to be believed.

    ``confidence`` is the mean probability of a token, ``no_speech`` the model's own doubt,
    ``voiced_seconds`` how much of the sound the voice detector took for voice.
    """
    said = _SYMBOLS.sub("", text)
    if not said:
        return "nothing"
    if any(caption in text for caption in captions()):
        return "caption"
    if voiced_seconds < 0.06:
        return "no_voice"
    if no_speech > 0.6 and confidence < 0.6:
        return "no_speech"
    if confidence < least_confidence:
        return "doubtful"
    if len(said) > 3 + MOST_PER_SECOND * voiced_seconds:
        return "too_many_words"
    if voiced_seconds > 5 and len(said) < LEAST_PER_SECOND * voiced_seconds:
        return "too_few_words"
    if _LOOP.search(said) and not said.isdigit():
        return "loop"
    return None
