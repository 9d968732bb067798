"""How sure the search may be that its first entry answers the question. Pure.

A logistic model of three things: how much of the question the first entry holds, how far it is
ahead of the second, and how long the question is (a long one is never held as fully). Its
coefficients and the two thresholds were set on variants that were left out of the index and on
tests/knowledge_base/tuning.yml, so that some three in a hundred of its unanswerable questions
are answered.
"""

import math
from collections.abc import Sequence

ANSWERED = 0.78  # from here on the first entry is the answer
CLOSE = 0.05  # from here on the first entries are worth offering
SCORE, LEAD, LENGTH, BIAS = 10.1, 3.0, 4.6, -7.6
LONG = 8  # words from which a question counts as fully long


def confidence(scores: Sequence[float], words: int) -> float:
    """The chance, 0..1, that the first entry is right; ``scores`` come best first."""
    if not scores:
        return 0.0
    lead = scores[0] - (scores[1] if len(scores) > 1 else 0.0)
    length = min(1.0, words / LONG)
    return 1 / (1 + math.exp(-(SCORE * scores[0] + LEAD * lead + LENGTH * length + BIAS)))
