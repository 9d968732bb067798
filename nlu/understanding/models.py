"""The linear models and the network, asked together: a probability lies midway between both.

They err differently: the linear models know what single words tell, the network what words have in
common that answer the same question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from nlu.understanding.groups import blended
from nlu.understanding.model import Model
from nlu.understanding.network import Array, Ids, Network
from nlu.understanding.vocabulary import Vocabulary

LINEAR = ("intent", "category", "referral", "danger", "group")


class Models:
    """All that was learnt."""

    def __init__(
        self, vocabulary: Vocabulary, linear: Mapping[str, Model], network: Network
    ) -> None:
        self.vocabulary = vocabulary
        self.linear = linear
        self.network = network

    @classmethod
    def load(cls, folder: Path) -> Models:
        """What was trained into ``folder``."""
        linear = {name: Model.load(folder, name) for name in LINEAR}
        return cls(Vocabulary.load(folder), linear, Network.load(folder))

    def told(self, found: Sequence[str]) -> Told:
        """What they tell of a text with the features ``found``."""
        return Told(self, *self.vocabulary.vector(found))


class Told:
    """What the models tell of one text, computed as it is asked for."""

    def __init__(self, models: Models, ids: Ids, values: Array) -> None:
        self._models, self._ids, self._values = models, ids, values

    @property
    def known(self) -> int:
        """How many of its features the models have seen."""
        return len(self._ids)

    def intents(self) -> dict[str, float]:
        """The probability of each intent."""
        linear = blended(self._linear("intent"), self._linear("group"))
        return _midway(linear, self._network("intent"))

    def of(self, question: str) -> dict[str, float]:
        """The probability of each answer to ``question``: category, referral, danger."""
        return _midway(self._linear(question), self._network(question))

    def _linear(self, question: str) -> dict[str, float]:
        return self._models.linear[question].by_label(self._ids, self._values)

    def _network(self, question: str) -> dict[str, float]:
        return self._models.network.heads[question].by_label(self._units)

    @cached_property
    def _units(self) -> Array:
        return self._models.network.units(self._ids, self._values)


def _midway(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {label: (probability + other[label]) / 2 for label, probability in one.items()}
