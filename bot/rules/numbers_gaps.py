"""What is said between the digits of a number: a pause, its place, that something was wrong.

Pure: no I/O, no clock. The words are read for what they do to the number, not one sentence by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMERAL = "一两二三四五六七八九十1-9"
_COUNT = rf"(?:[{_NUMERAL}]{{1,2}}(?:位数?字?|个(?=[数字])数?字?))"
_LAST = (
    r"(?:最?后面?|后边|后头|后尾|最尾|最末|末尾?|尾巴?)[那嗰这]?"
    rf"(?:{_COUNT}|[{_NUMERAL}]个(?=[都全]?[是系不唔错,，]))"
)
_FIRST = rf"(?:最?前面?|前边|前头|开头|头先?)[那嗰这]?{_COUNT}"
_MIDDLE = rf"(?:中间|当中|中段)[那嗰这]?{_COUNT}?"
_NTH = rf"(?P<back>倒数|尾数)?第(?P<nth>[{_NUMERAL}]{{1,2}})(?:位(?:数字?)?|个(?:数字?|号码|字)?)"
_PLACES = {
    "nth": re.compile(_NTH),
    "last": re.compile(rf"{_LAST}|尾号|尾数|末尾|结尾|最尾|最后面?|后面|后边|后头|后尾"),
    "first": re.compile(rf"{_FIRST}|开头|号段|前面|前头|前边|打头|区号|起头"),
    "middle": re.compile(_MIDDLE),
}
PLACE_WORDS = re.compile(
    "|".join(re.sub(r"\?P<\w+>", "", words) for words in (_NTH, _LAST, _FIRST, _MIDDLE, _COUNT))
)
_RIGHT = re.compile(
    r"(?:没有?|冇|唔会|不会|别|有没有|唔好)(?:打|记|写|听|搞|弄)?错|对不对|错没错|错唔错"
)
_PAUSE = r"[\s,，、。.…~:：;；—–_]"
_FIX = re.compile(
    r"不对|唔对|唔啱|不啱|错|更正|纠正|口误|有误|重来|改[成为做返用]|换[成做为]|应该[是系为]?|应当是?|其实[是系]?|正确"
    rf"|不不|不是(?={_PAUSE}|是|我|$)|唔系(?={_PAUSE}|系|$)|(?<![要用好])不(?={_PAUSE})|掉转|反了"
)
_HESITATES = re.compile(r"等等|等一?下|等下|等阵|慢着|稍等|[哎欸诶唉]")
_ANEW = re.compile(
    r"全号|完整|整个号|全部(?:号码)?[是系]|(?:再|重新?|从头|重复)[^,，]{0,2}(?:说|讲|念|报|读|来|一)[^,，]{0,4}|重复"
)
_DENIED = re.compile(
    r"(?:不是|唔系|不系|唔是|并非|(?:别|不要|唔好|唔使|不用)[打拨用写留记]|取消|删掉)"
    r"(?:的|那个|嗰个|这个|呢个|原来|之前|以前|旧的?|电话|号码|我|手机|座机|[\s:：])*$"
)
_OTHER = re.compile(
    r"电话|手机(?!号)|座机|坐机|固话|固定|工单|单号|订单|编号|身份证|卡号|账号|户号|或者|或|另外|分机|转|邮编|车牌|车主|地址"
    r"|我住|住[在喺]|小区|验证码|路|街|栋|元|块|下午|上午|早上|晚上|打(?!头)|座"
)
_FILLERS = re.compile(
    rf"{_PAUSE}|[\-()（）·/+*'\"“”!！?？]|然后|接着|接下来|跟[住手着]?|剩下|其余|连[着续]|再(?:来|加|跟)?|都?是|都?系|为|呃|嗯|唔|额|啊|阿|哦|喔|噢"
    r"|哎呀?|欸|诶|唉|就|哈|[那嗰这呢]个?|嘅|啦|喇|咧|吧|呀|呢|吗|的|了|来[着]?|话|加|横?杠|空[一]?格|还有|同埋|下面|头先|先|对|系咪|好"
    r"|(?:让|等|俾|畀)?我?(?:再)?(?:看|想|睇|谂|查|数|翻)(?:看|想|睇|谂|下|一下)*|什么|点|等等|等一?下|等下|等阵|慢着|稍等|开头|记[一住]?下?|也|嘛|上|到|这样|那么|咁"
)
_LONGEST_STRANGE = 10  # characters of other talk within a number
_LONGEST_FIX = 30


@dataclass(frozen=True)
class Gap:
    """What stands before a piece of digits. ``fix``: what came before is wrong; ``hesitates``:
    it may be. ``place``: the digits meant ("first", "middle", "last", or which one, from the end
    where negative). ``denied``: the piece itself is said to be wrong. ``anew``: the number begins
    again. ``strange``: other talk; ``apart``: the piece is no part of the number before.
    """

    fix: bool = False
    hesitates: bool = False
    place: str | int | None = None
    denied: bool = False
    anew: bool = False
    strange: bool = False
    apart: bool = False
    pause: bool = False


def gap(words: str) -> Gap:
    """What ``words`` between two pieces, or before the first, do to the number."""
    plain = _RIGHT.sub("", words)
    denied = bool(_DENIED.search(plain))
    head = _DENIED.sub("", plain) if denied else plain
    fix = bool(_FIX.search(head))
    place = _place(plain)
    anew = bool(_ANEW.search(plain))
    rest = plain
    for known in (_DENIED, _ANEW, *_PLACES.values(), _FIX, _FILLERS):
        rest = known.sub("", rest)
    told = fix or denied or place is not None
    other = bool(_OTHER.search(_DENIED.sub("", words)))
    far = len(words) > _LONGEST_FIX if told or anew else len(rest) > _LONGEST_STRANGE or other
    return Gap(
        fix,
        bool(_HESITATES.search(plain)),
        place,
        denied,
        anew,
        strange=bool(rest),
        apart=far or (other and not (fix or denied or anew)),
        pause=bool(words),
    )


def _place(words: str) -> str | int | None:
    """The last place that ``words`` name."""
    found: list[tuple[int, str | int]] = []
    for name, pattern in _PLACES.items():
        for match in pattern.finditer(words):
            found.append((match.end(), _which(match) if name == "nth" else name))
    return max(found, key=lambda place: place[0])[1] if found else None


def _which(match: re.Match[str]) -> int:
    nth = match["nth"]
    number = int(nth) if nth.isdigit() else _NUMERALS[nth]
    return -number if match["back"] else number


_NUMERALS = {
    said: value
    for value, words in enumerate(["一", "二两", "三", "四", "五", "六", "七", "八", "九", "十"], 1)
    for said in words
} | {"十一": 11, "一一": 11}
