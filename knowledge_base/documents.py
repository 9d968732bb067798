"""Candidates from a document: a question, an answer, and the place that they come from.

Nothing of it is published: an editor accepts a candidate, completes it, and answers for it.
Questions are headings, numbered titles, and lines that end with a question mark.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdf
from docx.opc.exceptions import PackageNotFoundError
from pypdf.errors import PyPdfError

from knowledge_base.located import Problem, Refused

LONGEST_QUESTION = 60  # characters
TITLE = re.compile(
    r"^(第[一二三四五六七八九十百]+[条章节]|[((]?[一二三四五六七八九十]+[))、.]|\d+[、..])\s*"
)
ASKED = re.compile(r"^(问|Q)\s*\d*\s*[:\uff1a]\s*", re.IGNORECASE)
ANSWERED = re.compile(r"^(答|A)\s*\d*\s*[:\uff1a]\s*", re.IGNORECASE)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt"})
BLOCKS = HEADINGS | {"p", "div", "li", "td", "th", "br", "dd", "tr", "section", "article"}
UNSEEN = frozenset({"script", "style", "noscript", "template", "head"})


# what python-docx raises at a file that is none or damaged; broken XML is a SyntaxError
TORN = (PackageNotFoundError, zipfile.BadZipFile, LookupError, SyntaxError, ValueError)


@dataclass(frozen=True)
class Line:
    """A line of text, where it stands, and whether the document sets it as a heading."""

    text: str
    place: str
    heading: bool = False


@dataclass(frozen=True)
class Candidate:
    """What may become an entry."""

    question: str
    answer: str
    file: str
    place: str


def candidates(path: Path) -> list[Candidate]:
    """The candidates of a document. Raises ``Refused`` for one that cannot be read."""
    readers = {".docx": _word, ".pdf": _pdf, ".html": _html, ".htm": _html, ".txt": _text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(readers)
        raise Refused([Problem(path.name, 0, "file", f"is none of {kinds}")])
    lines = [line for line in reader(path) if line.text]
    if not lines:
        message = "holds no text; a scanned document must go through character recognition first"
        raise Refused([Problem(path.name, 0, "file", message)])
    found = list(_paired(lines, path.name))
    if not found:
        raise Refused([Problem(path.name, 0, "file", "no question with an answer was recognised")])
    return found


def _paired(lines: list[Line], file: str) -> Iterator[Candidate]:
    """Every question with the lines up to the next one."""
    asked: Line | None = None
    told: list[str] = []
    for line in (*lines, Line("", "", True)):
        if line.heading or _asks(line.text):
            if asked and told:
                yield Candidate(_bare(asked.text), "\n".join(told), file, asked.place)
            asked, told = line, []
        elif asked:
            told.append(ANSWERED.sub("", line.text))


def _asks(text: str) -> bool:
    """Whether a line is a question or a title."""
    if ASKED.match(text):
        return True
    short = len(text) <= LONGEST_QUESTION
    return short and (text.endswith(("?", "?")) or bool(TITLE.match(text)))


def _bare(text: str) -> str:
    return TITLE.sub("", ASKED.sub("", text)).strip()


def _word(path: Path) -> Iterator[Line]:
    try:
        document = docx.Document(str(path))
    except TORN as error:
        raise Refused([Problem(path.name, 0, "file", "is no Word document (.docx)")]) from error
    for number, paragraph in enumerate(document.paragraphs, 1):
        style = paragraph.style.name if paragraph.style and paragraph.style.name else ""
        yield Line(paragraph.text.strip(), f"paragraph {number}", style.startswith("Heading"))


def _pdf(path: Path) -> Iterator[Line]:
    try:
        for number, page in enumerate(pypdf.PdfReader(path).pages, 1):
            for row, text in enumerate(page.extract_text().splitlines(), 1):
                yield Line(text.strip(), f"page {number}, line {row}")
    except (PyPdfError, ValueError, KeyError) as error:
        raise Refused([Problem(path.name, 0, "file", f"is no readable PDF: {error}")]) from error


def _text(path: Path) -> Iterator[Line]:
    for number, text in enumerate(_decoded(path).splitlines(), 1):
        yield Line(text.strip(), f"line {number}")


def _html(path: Path) -> Iterator[Line]:
    parser = _Page()
    parser.feed(_decoded(path))
    parser.close()
    parser.block()
    yield from parser.lines


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused([Problem(path.name, 0, "file", "is neither UTF-8 nor GB 18030 text")])


class _Page(HTMLParser):
    """The text of a page, block by block; scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._heading = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        if tag in BLOCKS:
            self.block()
            self._heading = tag in HEADINGS

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in BLOCKS:
            self.block()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)

    def block(self) -> None:
        """End the block that was being read."""
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text:
            line, _ = self.getpos()
            self.lines.append(Line(text, f"line {line}", self._heading))
        self._heading = False
