"""Whether a matter lies in another city that is named in it."""

from __future__ import annotations

import re

# that somebody of another city's matter is in this one now
_PRESENT = re.compile(
    r"(?:跟|和|同)广州(?:没|无|冇)(?:有)?(?:什么|咩)?关系"
    r"|(?:人|我|我们)(?:现在|已经|而家|现|就|都)?(?:在|喺|住|返到|返咗|回到|回来|回)(?:了|咗)?广州(?:了|这边|打工|上班|工作|住|生活|读书)?"
)
_NEIGHBOUR = (
    "深圳|佛山|南海|顺德|东莞|中山|珠海|惠州|江门|肇庆|清远|韶关|河源|梅州|汕头|汕尾|潮州|揭阳|阳江|云浮|湛江|茂名"
    "|香港|澳门"
)
# another city as an origin, a destination or a plate, not as the place of the matter
_PASSING = re.compile(
    rf"广州|[去到往回从返]\S{{0,2}}(?:{_NEIGHBOUR})|转[到来回入过移]|[迁寄]|[回返过][来嚟]|户口|户籍|车牌|牌照|老家|异地|外地|外省|车票|高铁"
)
# what tells that a matter lies in a far place, and what that it concerns this city all the same
_WITHIN = r"(?:[在喺住]|位于|老家(?:是|喺|系)?|家(?:里)?是)"
_OF_THERE = (
    r"(?:这边|那边|呢边|嗰边|这里|那里|当地|本地|老家|乡下|农村|政府|村委|社保局|公安局|派出所|民政局|医保局|法院"
    r"|[的嘅]?(?:房东|物业|小区|楼盘|房子|公司|厂|工地|学校|村|公交|地铁|河|景区|街道|城管|出租车|的士|路灯|幼儿园|医院|疫苗))"
)
_HITHER = re.compile(
    r"广州|[转迁寄调回]到|转[来入回]|迁[来入]|户口|户籍|车牌|牌照|驾照|备案|报销|异地|外省|高铁|机票|航班"
    r"|网购|网上|商家|卖家|平台|直播|快递|厂家|总部"
)


def is_elsewhere(said: str, far: str | None) -> bool:
    """Whether another city that is named is where the matter lies, not where someone goes. Of a
    ``far`` one that has to be said; a neighbour's name alone is enough."""
    said = _PRESENT.sub("", said)
    if far is None:
        return not _PASSING.search(said)
    at = re.escape(far)
    lies = re.search(rf"{_WITHIN}.{{0,2}}{at}|{at}.{{0,4}}{_OF_THERE}", said)
    return bool(lies) and not _HITHER.search(said)
