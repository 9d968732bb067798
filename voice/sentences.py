"""A reply cut into sentences, so that the first is heard while the next is made. Pure."""

import re

_STOPS, _CLOSING = "。！？!?;；…\n", "”’」』）)"
_END = re.compile(f"(?<=[{_STOPS}])(?![{_STOPS}{_CLOSING}])|(?<=[{_STOPS}][{_CLOSING}])")
_COMMA = re.compile(r"(?<=[，,、：])")

LONGEST = 60  # characters; longer ones are cut at commas
SHORTEST = 5  # shorter ones are joined to the next


def cut(text: str) -> list[str]:
    """``text`` in speakable pieces, in order, nothing lost but blanks."""
    pieces: list[str] = []
    for sentence in _END.split(text):
        sentence = sentence.strip()
        if not sentence:
            continue
        pieces.extend([sentence] if len(sentence) <= LONGEST else _at_commas(sentence))
    return _join(pieces)


def _at_commas(sentence: str) -> list[str]:
    pieces = [""]
    for part in _COMMA.split(sentence):
        if pieces[-1] and len(pieces[-1]) + len(part) > LONGEST:
            pieces.append("")
        pieces[-1] += part
    return [
        piece[i : i + 4 * LONGEST] for piece in pieces for i in range(0, len(piece), 4 * LONGEST)
    ]


def _join(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) < SHORTEST:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
