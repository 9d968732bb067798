"""The rules an entry must keep, field by field. Pure: values in, an entry or its problems out."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from knowledge_base.entry import Entry, Kind, Source, Visibility
from knowledge_base.located import LINES, Problem

SPOKEN_LIMIT = 25  # characters a sentence; longer ones are lost on the phone
FIELDS = {
    "id", "question", "variants", "answer", "spoken", "steps", "materials", "unit", "phone",
    "links", "area", "source", "as_of", "valid_from", "valid_until", "checked_at", "editor",
    "visibility", "kind", "topic", "applies_to", "ask", "keywords",
}  # fmt: skip
NEEDED = ("id", "question", "variants", "answer", "spoken", "unit", "area", "source", "as_of")
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]*>|javascript:|&(?:[a-z]+|#\d+);", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")
PHONE = re.compile(r"\d{3,5}|0\d{2,3}-\d{4,8}(-\d{1,4})?|\d{7,8}")
MONEY = re.compile(r"\d\s*万?元")
YEAR = re.compile(r"(?:19|20)\d{2}")
STOPS = re.compile(r"[。!?;!?;]")


class Checker:
    """Checks one raw entry; collects every problem instead of stopping at the first."""

    def __init__(
        self, file: str, raw: Mapping[str, Any], areas: set[str], sources: Mapping[str, Source]
    ) -> None:
        self.file = file
        self.raw = raw
        self.areas = areas
        self.sources = sources
        self.problems: list[Problem] = []

    def line(self, name: str) -> int:
        """Where the field stands; the entry's own line for one that is missing."""
        lines: dict[str, int] = self.raw.get(LINES, {})
        return lines.get(name, lines.get("", 0))

    def wrong(self, name: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, self.line(name), name, message))

    def text(self, name: str, value: Any = None) -> str:
        """A non-empty text without markup and control characters."""
        value = self.raw.get(name) if value is None else value
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(name, f"must be text, is {value!r}")
            return ""
        if MARKUP.search(value):
            self.wrong(name, "holds HTML or a script")
        if CONTROL.search(value):
            self.wrong(name, "holds control or invisible characters")
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one."""
        value = self.raw.get(name)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        return tuple(self.text(name, "" if item is None else item) for item in values)

    def day(self, name: str) -> date | None:
        """A date written as 2024-12-31."""
        value = self.raw.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(name, f"{value!r} is no date of the form 2024-12-31")
            return None

    def choice(self, name: str, kinds: type[Kind] | type[Visibility], default: Any) -> Any:
        """A value of a closed list."""
        value = self.raw.get(name)
        if value is None:
            return default
        try:
            return kinds(value)
        except ValueError:
            self.wrong(name, f"{value!r} is none of {', '.join(kind.value for kind in kinds)}")
            return default

    def cited(self) -> tuple[Source, ...]:
        """The sources, each a key of sources.yml and the place in that document."""
        value = self.raw.get("source")
        found = []
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, Mapping) or not item.get("document"):
                self.wrong("source", "needs the document and the place in it")
                continue
            source = self.sources.get(item["document"])
            if source is None:
                self.wrong("source", f"{item['document']!r} does not stand in sources.yml")
            elif not isinstance(item.get("place"), str) or not item["place"].strip():
                self.wrong("source", "names no place in the document")
            else:
                found.append(Source(source.document, item["place"], source.published, source.url))
        return tuple(found)

    def rules(self, entry: Entry) -> None:
        """What holds between fields."""
        if not ID.fullmatch(entry.id):
            self.wrong("id", f"{entry.id!r} is not lower-case words joined by hyphens")
        if entry.area not in self.areas:
            self.wrong("area", f"{entry.area!r} is neither the city nor one of its districts")
        for sentence in entry.spoken:
            self.sentence(sentence)
        if MONEY.search(entry.answer) and not YEAR.search(entry.answer):
            self.wrong("answer", "names an amount of money without its date")
        if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
            self.wrong("valid_until", "lies before valid_from")
        if entry.checked_at < entry.as_of:
            self.wrong("checked_at", "lies before as_of")
        for phone in entry.phone:
            if not PHONE.fullmatch(phone):
                self.wrong("phone", f"{phone!r} is no telephone number")
        for link in entry.links:
            if urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).netloc:
                self.wrong("links", f"{link!r} is no web address")
        if len(set(entry.variants)) != len(entry.variants) or entry.question in entry.variants:
            self.wrong("variants", "say the same twice")

    def sentence(self, sentence: str) -> None:
        """A spoken sentence is short, one, and holds no digits: they are read in many ways."""
        if len(sentence) > SPOKEN_LIMIT:
            self.wrong("spoken", f"{len(sentence)} characters, at most {SPOKEN_LIMIT}: {sentence}")
        if re.search(r"[0-9]", sentence):
            self.wrong("spoken", f"holds digits, write them as they are said: {sentence}")
        if STOPS.search(sentence[:-1]):
            self.wrong("spoken", f"is more than one sentence: {sentence}")

    def entry(self, theme: str, fresh_days: int) -> Entry | None:
        """The checked entry; None, with the problems noted, where it breaks a rule."""
        for name in self.raw:
            if name != LINES and name not in FIELDS:
                self.wrong(str(name), "is no field of an entry")
        for name in NEEDED:
            if self.raw.get(name) in (None, "", []):
                self.wrong(name, "is missing")
        as_of, checked_at = self.day("as_of"), self.day("checked_at")
        if self.problems or as_of is None:
            return None
        entry = Entry(
            id=self.text("id"), theme=theme, question=self.text("question"),
            variants=self.texts("variants"), answer=self.text("answer"),
            spoken=self.texts("spoken"), unit=self.text("unit"), area=self.text("area"),
            source=self.cited(), as_of=as_of, checked_at=checked_at or as_of,
            editor=self.text("editor"), kind=self.choice("kind", Kind, Kind.FACT),
            keywords=self.texts("keywords"), steps=self.texts("steps"),
            materials=self.texts("materials"),
            phone=self.texts("phone"), links=self.texts("links"),
            valid_from=self.day("valid_from"), valid_until=self.day("valid_until"),
            visibility=self.choice("visibility", Visibility, Visibility.PUBLIC),
            topic=self.text("topic") or None, applies_to=self.texts("applies_to"),
            ask=self.text("ask") or None, fresh_days=fresh_days,
            file=self.file, line=self.line(""),
        )  # fmt: skip
        self.rules(entry)
        return None if self.problems else entry
