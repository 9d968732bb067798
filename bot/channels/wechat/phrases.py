"""The sentences of this channel, loaded from ``words.yml``; and replies as WeChat shows them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from bot.rules.session import Speaker, reply_from_json
from bot.store import Turn

PATH = Path(__file__).with_name("words.yml")


@cache
def phrases() -> Mapping[str, str]:
    """Every sentence by its name."""
    loaded: dict[str, str] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return loaded


def written(turn: Turn) -> str:
    """A turn as one text: quick replies stand below it, since a text message has no buttons."""
    if turn.speaker is not Speaker.BOT or not turn.outcome:
        return turn.text
    reply = reply_from_json(turn.outcome)
    titles = phrases()["between"].join(button.say for button in reply.buttons)
    return turn.text + (f"\n\n{phrases()['buttons'].format(titles=titles)}" if titles else "")
