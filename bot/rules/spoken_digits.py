"""Digits as people say them: the telephone's own words, groups, pairs, tens, second tries.

Pure: no I/O, no clock. ``runs`` reads what is plainly said; ``guesses`` what is told with more
words between the digits, put right halfway, or written as it only sounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS = dict(
    zip(
        "零〇洞一幺么二两三四五六七拐八九勾0123456789壹贰叁肆伍陆柒捌玖",
        "000111223456778990123456789123456789",
        strict=True,
    )
)
# the doubled word for one half of a pair, as in "double eight"
_DOUBLE = {"双": 2, "孖": 2}
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_D = "".join(letter for letter in DIGITS if not letter.isdigit()) + "0-9"
# what a recogniser writes for a digit; read so only between digits
_SOUNDS = dict(zip("妖腰要邀灵另铃动怪狗齐起期霸巴流留伞山午", "11110000797778866335", strict=True))
_GROUP = re.compile(rf"([两二三四五六七八2-8])个([{_D}])")
_PAIR = re.compile(rf"([双孖])([{_D}])")
_FILLER = re.compile(r"[\s,，、.。\-—–_()（）·]+|然后|后面|接着|跟住|再|是|系|呃|嗯|啊|就|哈|那个")
_JOINED = re.compile(rf"[{_D}](?:(?:{_FILLER.pattern})*[{_D}])*")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_SOUNDING = re.compile(
    rf"(?<=[{_D}])[{''.join(_SOUNDS)}](?=[{''.join(_SOUNDS)}]*[{_D}])|[妖腰要邀](?=[三四五六七八九3-9][{_D}])"
)
_LETTER_O = re.compile(r"(?<=[0-9])[oO]+(?=[0-9])")
# words that tell which part of the number follows
_PART = (
    r"(?:(?:头|前面?|开头|中间|后面?|最后|末尾|剩下|跟着)(?:[二两三四五六七八2-8](?:位|个)(?:数字?)?)?"
    r"|尾号|尾数|开头|区号|连着|连续|再来|再加|同埋|还有|下面|头先)(?:都?是|系|为)?"
)
_WORDS = (
    r"等一?下|等等|等阵|我看看|我想想|睇下|那么|这样|嘅|啦|喔|哦|吧|呀|的|了|来|话|额|诶|唔|加"
    r"|杠|横杠|空格"
)
_BETWEEN = re.compile(rf"(?:{_FILLER.pattern}|{_PART}|{_WORDS}|[~…:：;；/+])*")
_AGAIN = re.compile(
    r"不对|唔对|不是|唔系|错了|错咗|说错|讲错|应该是|应该系|更正|等等|重来|再说一遍|再讲一次|我再"
)
# a "one" that is no digit
_ONCE = re.compile(r"(?:等|说|讲|看|记|想|问|数|来|停)一(?:下|遍|次|会儿?|点|阵)")
_PIECE = re.compile(rf"[{_D}]+")


def spell(text: str) -> str:
    """``text`` with spoken digits as digits and groups written out; other words stay."""
    return "".join(DIGITS.get(letter, letter) for letter in _written_out(text))


def runs(text: str) -> list[tuple[int, str]]:
    """Runs of digits in ``text`` with the place where each begins, fillers between them dropped."""
    found = []
    for match in _JOINED.finditer(_written_out(text)):
        digits = "".join(DIGITS[c] for c in match.group() if c in DIGITS)
        found.append((match.start(), digits))
    return found


def guesses(text: str) -> Iterator[str]:
    """Runs of digits that ``text`` may tell where ``runs`` finds no number, the likelier first.

    The words between may name the part that follows ("in the middle", "the last four"); tens
    count as two digits; where a part is put right, what it replaces is left out.
    """
    text = _ONCE.sub(",", text)
    text = _TENS.sub(_ten, _LETTER_O.sub(lambda m: "0" * len(m.group()), text))
    text = _SOUNDING.sub(lambda m: _SOUNDS[m.group()], _written_out(text))
    for pieces in reversed(_told(text)):
        yield from _readings(pieces)


def _told(text: str) -> list[list[str | None]]:
    """Stretches of digits that belong together; None stands where one is put right."""
    stretches: list[list[str | None]] = []
    end = None
    for match in _PIECE.finditer(text):
        between = text[end : match.start()] if end is not None else ""
        digits = "".join(DIGITS[c] for c in match.group())
        again = _AGAIN.search(between)
        if end is None or not (again or _BETWEEN.fullmatch(between)):
            stretches.append([])
        elif again:
            stretches[-1].append(None)
        stretches[-1].append(digits)
        end = match.end()
    return stretches


def _readings(pieces: list[str | None]) -> Iterator[str]:
    """The digits of ``pieces``, without what a second try takes back, however much that is."""
    if None not in pieces:
        yield "".join(p for p in pieces if p)
        return
    at = pieces.index(None)
    before, after = [p for p in pieces[:at] if p], pieces[at + 1 :]
    said, following = "".join(before), next((p for p in after if p), "")
    kept = [said, said[: -len(before[-1])] if before else ""]
    kept += [said[: -len(following)] if following else said, ""]
    for head in dict.fromkeys(kept[1:] + kept[:1]):
        yield from _readings([head, *after])


def _written_out(text: str) -> str:
    text = _GROUP.sub(_repeat, text)
    return _PAIR.sub(lambda m: m[2] * _DOUBLE[m[1]], text)


def _repeat(match: re.Match[str]) -> str:
    count = _COUNTS[match[1]] if match[1] in _COUNTS else int(match[1])
    return match[2] * count


def _ten(match: re.Match[str]) -> str:
    return (match[1] or "1") + (match[2] or "0")
