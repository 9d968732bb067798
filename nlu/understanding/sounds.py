"""How characters sound, without tones, in Mandarin and in Cantonese: made when a model is trained.

Sounds that callers and recognisers do not keep apart are one: zh and z, n and l, ing and in.
Readings are pypinyin's (MIT) and ToJyutping's (code MIT, dictionary of rime-cantonese CC BY 4.0).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypinyin
import ToJyutping

from nlu.understanding.homophones import FILE, Sounds

MOST = 3  # readings of a character in each language
_MANDARIN = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
_TONE = re.compile(r"\d")


def write_sounds(folder: Path) -> None:
    """Write the sounds of every character of GB 2312 and of written Cantonese to ``folder``."""
    letters = [chr(c) for c in range(0x4E00, 0xA000) if _is_common(chr(c))]
    cantonese = dict(ToJyutping.get_jyutping_candidates("".join(letters)))
    table: Sounds = {}
    for letter in letters:
        spoken = pypinyin.pinyin(letter, style=pypinyin.Style.NORMAL, heteronym=True)[0]
        table[letter] = (
            _each(_plain_mandarin(s) for s in spoken),
            _each(_plain_cantonese(s) for s in cantonese.get(letter) or ()),
        )
    (folder / FILE).write_text(json.dumps(table, ensure_ascii=False), "utf-8")


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return letter in "喺嘅咗冇佢啲嘢睇攞揾俾畀瞓嗰唔嚟咁嗌哋乜"
    return True


def _each(sounds: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sounds))[:MOST]  # type: ignore[call-overload]


def _plain_mandarin(sound: str) -> str:
    for written, plain in _MANDARIN:
        sound = sound.replace(written, plain)
    return "l" + sound[1:] if sound.startswith("n") else sound


def _plain_cantonese(sound: str) -> str:
    sound = _TONE.sub("", sound)
    if sound.startswith("ng"):
        return sound[2:] or sound
    return "l" + sound[1:] if sound.startswith("n") else sound.replace("gwo", "go")
