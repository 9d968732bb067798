"""Names that the recogniser should be ready for when a place is asked; and the ghosts they raise.

Whisper takes hot words as text that came before, and at most 224 tokens of it: so the streets of
the one district that was spoken of, else the districts. A recogniser that heard nothing clear
recites what it was given; such text is told by names that follow each other as in the list.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from bot.rules.gazetteer import Gazetteer, Place

SEPARATOR = ","
RECITED = 3  # names in the list's own order that nobody says
_SYMBOLS = re.compile(r"[\W_]+")


class HotWords:
    """``of`` takes what was said in the call lately and gives the names to expect."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._district_of: dict[str, str] = {}
        streets: dict[str, dict[str, None]] = defaultdict(dict)
        for name, place in gazetteer.places.items():
            if place.district and place.city is None:
                if place.kind == "district":
                    self._district_of[name] = place.district
                elif place.kind == "street":
                    streets[place.district].setdefault(_short(place), None)
        self._streets = {district: SEPARATOR.join(names) for district, names in streets.items()}
        self._districts = SEPARATOR.join(dict.fromkeys(self._district_of.values()))

    def of(self, said: Iterable[str]) -> str:
        """Streets of the district that was named last, else the districts."""
        for text in reversed(list(said)):
            named = [(text.rfind(name), name) for name in self._district_of if name in text]
            if named:
                district = self._district_of[max(named)[1]]
                return self._streets.get(district, self._districts)
        return self._districts


def recited(text: str, hot_words: str) -> bool:
    """Whether ``text`` is the list read out, and not what a caller said."""
    said, names = _SYMBOLS.sub("", text), hot_words.split(SEPARATOR)
    runs = zip(*(names[offset:] for offset in range(RECITED)), strict=False)
    return any("".join(run) in said for run in runs)


def _short(place: Place) -> str:
    return place.street or place.name
