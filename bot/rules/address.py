"""Where a matter is: district, street or town, and the address as the caller said it.

Pure: no I/O, no clock. The names come from the city's gazetteer (``knowledge_base/districts.yml``)
and are passed in. "Near", "opposite", "behind" and the metro exit stay in the address: they are
what the handling unit looks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.rules.gazetteer import (
    LONGEST,
    Ambiguity,
    Gazetteer,
    Mention,
    Place,
    corrected,
    mentions,
    within,
)

_NUMBER = r"[0-9０-９零〇一二两三四五六七八九十百千]+"
# characters that end a name going backwards: function words and the verbs of a report
_STOP = (
    r"，。,.！？!?；;：:、\s的在是了我们你他她它佢有到去从和跟被把住个这那啲嘅喺嗰呢条间座就也都说讲"
    r"不没冇唔要想请问地跳反映投诉举报咨询叫搵关于由距离"
)
_ROAD = (
    rf"[^{_STOP}0-9]{{1,6}}?"
    rf"(?:大道[东西南北中]?|[东西南北中]?(?<![跑走问带让赶修迷抄探绕拦过])路|[^{_STOP}]?[大新横]?街|马路|公路|高速|立交)"
)
_ROAD_EXTRA = rf"(?:{_NUMBER}[巷弄横路街]|[东西南北中]段)?"
_ESTATE = (
    rf"[^{_STOP}]{{2,8}}?(?:花园|小区|新村|公寓|大厦|广场|苑|花苑|家园|雅苑|华庭|豪庭|名苑|家属院|宿舍|工业园|"
    r"工业区|科技园|产业园|创意园|商场|购物中心|市场|超市|小学|中学|大学|学校|幼儿园|医院|公园|社区|居委会|村委会"
    r"|酒店|宾馆|地铁站|公交站|客运站|车站|火车站|码头|大桥|隧道|天桥|立交桥|收费站|服务区|河涌|涌|村)"
)
_PART = (
    rf"(?:第?{_NUMBER}(?:号大院|号楼|号院|号(?!窗|柜)|號|栋|幢|座|单元|楼|层|室|房|巷|弄|街|社|队|期|区|米|百米)"
    rf"|[A-Za-z](?:{_NUMBER})?(?:出入?口|口|栋|座|区|出口)|[A-Za-z]\d{{1,4}}(?:号)?(?:灯杆|栋|座|房|室)?"
    rf"|灯杆(?:编?号|上写的?是?)?[A-Za-z]?\d+|{_NUMBER}-{_NUMBER}(?:-{_NUMBER})?)"
)
_NEAR = (
    r"(?:附近|旁边|旁|对面|对出|斜对面|后面|背后|后边|前面|前边|门口|楼下|楼上|里面|入面|隔壁|隔篱|侧边|侧门|东门|西门|南门|北门"
    r"|正门|后门|大门口?|周边|一带|那边|嗰边|那一带|那里|嗰度|那块|这边|呢边|交叉口|交界|交汇处?|十字路口|路口|村口|巷口|街口"
    r"|桥底|桥下|桥脚|高架下|往前走?[^，。,.]{0,6}米|往[东西南北里外]走?[^，。,.]{0,6}米?|地铁口|地铁站|公交站|站台|站牌|出口|出入口"
    r"|停车场|地下车库|菜市场|肉菜市场|第[一二三四五六七八九十]条巷子?|内街|路段|方向)"
)
_TOKEN = re.compile("|".join((_PART, _NEAR, _ROAD + _ROAD_EXTRA, _ESTATE)))
_GLUE = re.compile(
    r"(?:[的那个嗰嘅在喺和跟与到,，、\s]|里面|靠近|就在|那个|嗰个|一个|入去|出来|出去|往前|进去|走){0,4}"
)


@dataclass(frozen=True)
class Location:
    """Where a matter is. ``city`` is another city, ``far`` its name as said where it is no
    neighbour; ``ask`` is what to ask where two fit."""

    address: str | None = None
    district: str | None = None
    street: str | None = None
    city: str | None = None
    far: str | None = None
    denied: str | None = None
    ask: str | None = None
    evidence: tuple[str, ...] = field(default=())


def locate(text: str, gazetteer: Gazetteer) -> Location:
    """The location in ``text``; an empty one where none is named. Raises nothing."""
    text = text[:LONGEST]
    named = corrected(text, within(text, mentions(text, gazetteer)))
    said = [m for m in named if not m.denied]
    denied = next((m.name for m in named if m.denied), None)
    here = [m for m in said if m.ambiguity or (m.place and not m.place.city)]
    away = next((m for m in said if m.place and m.place.city), None)
    far = away.name if away and away.place and away.place.kind == "far_city" else None
    district, street, ask = _decide(here)
    return Location(
        address=_as_said(text, [m for m in here if m.name not in ("广州", "广州市")], named),
        district=district,
        street=street,
        city=None if district or not away or not away.place else away.place.city,
        far=None if district else far,
        denied=denied,
        ask=ask,
        evidence=tuple(m.name for m in here),
    )


def _decide(said: list[Mention]) -> tuple[str | None, str | None, str | None]:
    """District, street and the question to ask, from the names said."""
    places = [m.place for m in said if m.place and m.place.kind != "city"]
    district = _first(p.district for p in places if p.kind == "district")
    if district is None:
        district = _first(p.district for p in places if p.kind == "street")
    if district is None:
        district = _first(p.district for p in places)
    ask = None
    street = _first(p.street for p in places if p.kind == "street" and p.district == district)
    for ambiguity in (m.ambiguity for m in said if m.ambiguity):
        fits = [c for c in ambiguity.candidates if district and c.district == district]
        if fits:
            street = street or (fits[0].street if len(fits) == 1 else None)
        elif district is None:
            district, street, ask = _undecided(ambiguity)
    if street is None:
        street = _first(p.street for p in places if p.district == district)
    return district, street, ask


def _undecided(ambiguity: Ambiguity) -> tuple[str | None, str | None, str | None]:
    """A name that fits two places: theirs if they share a district or bear the name unlike."""
    for candidate in ambiguity.candidates:
        if ambiguity.likely and candidate.district == ambiguity.likely:
            return candidate.district, candidate.street, ambiguity.ask
    for candidate in ambiguity.candidates:
        if candidate.street is None and candidate.district == ambiguity.name + "区":
            return candidate.district, None, ambiguity.ask
    first = ambiguity.candidates[0]
    same_name = [c for c in ambiguity.candidates if _bears(c, ambiguity.name)]
    districts = {c.district for c in (same_name or ambiguity.candidates) if c.district}
    if len(districts) == 1 and first.district in districts:
        street = first.street if first in same_name or not same_name else None
        return first.district, street, ambiguity.ask
    return None, None, ambiguity.ask


def _bears(place: Place, name: str) -> bool:
    return any(n is not None and n.startswith(name) for n in (place.street, place.district))


def _first(values: object) -> str | None:
    return next((v for v in values if v), None)  # type: ignore[attr-defined]


def _as_said(text: str, said: list[Mention], named: list[Mention]) -> str | None:
    """The longest stretch of address words in ``text``, as said; None where there is none."""
    spans = sorted([(m.start, m.end) for m in said] + _tokens(text, named))
    if not spans:
        return None
    stretches: list[list[int]] = []
    for start, end in spans:
        if stretches and start < stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        elif stretches and _GLUE.fullmatch(text[stretches[-1][1] : start]):
            stretches[-1][1] = end
        else:
            stretches.append([start, end])
    starts = {m.start for m in said}
    solid = [s for s in stretches if any(s[0] <= at < s[1] for at in starts)] or [
        s
        for s in stretches
        if _FIRM.search(text[s[0] : s[1]]) and not _KIND.fullmatch(text[s[0] : s[1]])
    ]
    if not solid:
        return None
    start, end = max(solid, key=lambda s: s[1] - s[0])
    return text[start:end].strip("的那个,，、 ")


_FIRM = re.compile(
    r"路|街|大道|花园|小区|村|号|苑|广场|大厦|市场|站|学|医院|公园|城|灯杆|栋|桥|巷|工业|酒店"
)
_KIND = re.compile(r"(?:地铁|公交|火车)?(?:站|站台|站牌|车站)|学校|医院|公园|市场|小区|酒店")


def _tokens(text: str, named: list[Mention]) -> list[tuple[int, int]]:
    """Spans of roads, estates, house numbers and "near" words outside the denied names."""
    denied = [(m.start, m.end) for m in named if m.denied]
    found = []
    at = 0
    while match := _TOKEN.search(text, at):
        start, end = match.span()
        if any(start < d_end and d_start < end for d_start, d_end in denied):
            at = max(start + 1, end)
            continue
        inside = [m.start for m in named if start < m.start < end <= m.end]
        inside += [m.start for m in named if start < m.start and m.end <= end]
        found.append((min(inside, default=start), end))
        at = end
    return found
