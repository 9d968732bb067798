"""求助, 投诉, 举报, 表扬: what a caller calls a matter, where it is called anything."""

from __future__ import annotations

import re

from bot.rules.ticket import Kind, Nature

_CALLED = (
    (Nature.REPORT, re.compile(r"举报|检举|揭发")),
    (Nature.COMPLAINT, re.compile(r"投诉|控诉")),
    (Nature.HELP, re.compile(r"求助|求救助|请求帮助|需要帮助|帮帮(?:我|忙|他|她|老)")),
)
_PRAISE = re.compile(r"表扬|感谢|感激|点赞|鸣谢|锦旗|好人好事|多谢|谢谢(?:你们|他|她|那)")


def nature_of(matter: str, kind: Kind) -> Nature | None:
    """The nature of a matter in its caller's words; None where none is named.

    With it 咨询 and 建议 are told apart from 求助, 投诉 and 举报, the five of 国办发〔2020〕53号;
    the province's time limits differ by it. Of several the one that binds most wins: a report,
    then a complaint, then a call for help.
    """
    if kind is Kind.SUGGESTION:
        return Nature.PRAISE if _PRAISE.search(matter) else None
    if kind is not Kind.APPEAL:
        return None
    return next((nature for nature, words in _CALLED if words.search(matter)), None)
