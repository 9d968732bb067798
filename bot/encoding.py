"""The sentence encoders that the settings name, for the search and for a second opinion."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.rules.errors import Rejected
from bot.settings import Settings
from bot.terminal import sentence
from knowledge_base import loading
from knowledge_base.vectors import Vectors, opened, read_vectors


def vectors(settings: Settings) -> Vectors | None:
    """The encoder's vectors, kept in the data folder; None without an encoder.

    Rejected: what is wrong with its folder.
    """
    try:
        return opened(settings.encoder, settings.data / "encoder")
    except ValueError as error:
        raise Rejected(f"HOTLINE_ENCODER: {error}", field="encoder") from None


def prepare(settings: Settings) -> None:
    """Encode what entries are asked with, so that no process has to at its start; a bar goes to
    the terminal. Rejected, Unavailable: the encoder can't be used.
    """
    if settings.encoder is None:
        return
    texts = [phrase for entry in loading.load(settings.entries) for phrase in entry.phrases]
    _encode(settings, "encoder", texts, "encoding_entries")


def prepare_opinion(settings: Settings) -> None:
    """The same of the examples that give a second opinion, where an encoder does."""
    if settings.opinion_encoder is None:
        return
    from nlu.understanding.examples import read_examples

    texts = [example.text for example in read_examples()]
    _encode(settings, "opinion_encoder", texts, "encoding_examples")


def _encode(settings: Settings, name: str, texts: list[str], what: str) -> None:
    """Make the vectors of texts and forget the encoder; the bar is named by a sentence of the
    terminal's."""
    try:
        made = read_vectors(getattr(settings, name), settings.data / "encoder")
    except ValueError as error:
        raise Rejected(f"HOTLINE_{name.upper()}: {error}", field=name) from None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(sentence(what), total=len(texts))
        made.phrases(texts, lambda done, of: bar.update(task, completed=done, total=of))
