"""Danger heard before the dialogue: the city's words, and the trained models where there are some.

The words alone stand guard where no model is at hand; with one, both are weighed together, as the
understanding does it in the dialogue.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.log import logger
from bot.rules.scope import Danger, Lexicon, screen
from knowledge_base.safety import safety

if TYPE_CHECKING:
    from nlu.understanding.understander import Understander

SURE = 0.9  # a sentence that is not finished may still end otherwise

log = logger(__name__)


@dataclass(frozen=True)
class Alarm:
    """Hears danger in what was said, and in what is being said."""

    lexicon: Lexicon
    understander: "Understander | None" = None

    def __call__(self, text: str) -> Danger | None:
        """The danger in an utterance, or None."""
        if self.understander is None:
            return screen(text, self.lexicon)
        return self.understander.endangered(text)

    def rings(self, part: str) -> bool:
        """Whether an utterance that is still going on tells of danger already."""
        if screen(part, self.lexicon) is not None:
            return True
        return self.understander is not None and bool(self.understander.endangered(part, SURE))


def load_alarm(model: Path | None = None) -> Alarm:
    """The alarm with the trained ``model``, by default the one of the present files.

    It takes seconds: call it in a thread. Without a model, or one that can't be read, the words
    alone stand guard, and the log says so.
    """
    from nlu.fingerprint import model_path

    with warnings.catch_warnings():  # jieba's source has escapes that are none
        warnings.simplefilter("ignore")
        from nlu.understanding.archive import load_understander

    path = model or model_path()
    try:
        return Alarm(safety(), load_understander(path))
    except (OSError, ValueError) as error:
        log.warning("alarm.words_alone", model=path.name, reason=type(error).__name__)
        return Alarm(safety())
