"""How near documents lie to a question by a sentence encoder, and the fusion with the words' score.

Every phrase of a document has a vector. Which documents are looked at is decided by the mean of
their phrases and by the words' score; of those the nearest phrase counts, as a share of the way
from the mean of all documents (encoders differ widely in where that lies) to the same text.
"""

import logging
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from bot.rules.errors import Unavailable
from knowledge_base.layout import Matrix
from knowledge_base.postings import Scores
from knowledge_base.relevance import Relevance
from knowledge_base.vectors import Vectors

EVEN = 0.5  # what the encoder counts beside the words, until a calibration says otherwise
LOOKED_AT = 50  # documents whose phrases are compared one by one: the nearest, and by words
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sense:
    """An encoder's vectors, and what their nearness counts, 0..1, beside the words."""

    vectors: Vectors
    share: float = EVEN


class Meanings:
    """The phrases of some documents as vectors. Made once, then read by any number of threads."""

    def __init__(self, sense: Sense, phrases: Sequence[Matrix]) -> None:
        self._sense = sense
        self._phrases = list(phrases)
        self._centres = _centres(phrases, sense.vectors.encoder.size)

    def amended(self, late: Sequence[Matrix]) -> "Meanings":
        """These and others, numbered on behind."""
        meanings = copy(self)
        meanings._phrases = [*self._phrases, *late]
        more = _centres(late, self._centres.shape[1])
        meanings._centres = np.concatenate((self._centres, more))
        return meanings

    def fused(self, question: str, words: Scores) -> Relevance:
        """The words' score of every document with its nearness; the words alone if that fails."""
        try:
            near = self._near(self._sense.vectors.question(question), words)
        except Unavailable as error:
            logger.warning("searched by words alone: %s", error)
            return Relevance(words, words, np.zeros_like(words))
        share = np.float32(self._sense.share)
        score = (1 - share) * np.maximum(words, 0) + share * near
        return Relevance(np.where((words > 0) | (near > 0), score, np.float32(-1)), words, near)

    def _near(self, asked: Matrix, words: Scores) -> Scores:
        middling = self._centres @ asked
        usual = float(middling.mean())
        most = min(LOOKED_AT, len(middling)) - 1
        nearest = np.argpartition(-middling, most)[: most + 1]
        likeliest = np.argpartition(-words, most)[: most + 1]
        near = np.zeros(len(middling), dtype=np.float32)
        looked_at = [n for n in np.union1d(nearest, likeliest) if len(self._phrases[n])]
        if not looked_at or usual >= 1:
            return near
        # one by one: laid together they would have to be copied, which takes longer
        best = np.array([(self._phrases[number] @ asked).max() for number in looked_at])
        near[looked_at] = np.clip((best - usual) / (1 - usual), 0, 1)
        return near


def _centres(phrases: Sequence[Matrix], size: int) -> Matrix:
    """The mean of each document's phrases; nothing for one without any."""
    centres = np.zeros((len(phrases), size), dtype=np.float32)
    for number, rows in enumerate(phrases):
        if len(rows):
            centres[number] = rows.mean(axis=0)
    return centres
