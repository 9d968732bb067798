"""The pipeline's one component: everything an utterance means, from ``nlu.understanding``.

Sets ``intent``, ``intent_ranking`` and ``understanding`` (the whole, JSON-able) on a message.
``metadata["expected"]`` of a message tells what the dialogue has just asked for.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.understanding.examples import DATA, read_examples
from nlu.understanding.opinion import second_opinion
from nlu.understanding.understander import Understander

UNDERSTANDING = "understanding"
logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UnderstandingComponent(GraphComponent):
    """Wraps ``Understander`` as a component of Rasa's graph."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        understander: Understander | None = None,
        examples: Path = DATA,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._understander = understander
        self._examples = examples

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnderstandingComponent:
        """A component yet to be trained, on the folder ``examples`` of its configuration."""
        return cls(model_storage, resource, examples=Path(config.get("examples", DATA)))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UnderstandingComponent:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            opinion = second_opinion(os.environ)
            return cls(model_storage, resource, Understander.load(Path(folder), opinion))

    def train(self, training_data: TrainingData) -> Resource:
        """Train the models on the written examples.

        They are read here, with the category or door of each block, by a parser in C: Rasa's own
        reading and copying of them takes minutes. ``training_data`` is not looked at.
        """
        # scikit-learn is needed for training alone; a server does not pay for its import
        from nlu.understanding.training import train

        with self._model_storage.write_to(self._resource) as folder:
            train(read_examples(self._examples), Path(folder), logger.info)
            self._understander = Understander.load(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the understanding of each message."""
        for message in messages:
            self._read(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data passes through."""
        return training_data

    def _read(self, message: Message) -> None:
        if self._understander is None:
            raise RuntimeError("the understanding component was neither trained nor loaded")
        expected = (message.get(METADATA) or {}).get("expected")
        found = self._understander.understand(message.get(TEXT) or "", expected)
        intent = {INTENT_NAME_KEY: found.intent, PREDICTED_CONFIDENCE_KEY: found.confidence}
        others = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
            for name, confidence in found.ranking
            if name != found.intent
        ]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
        message.set(UNDERSTANDING, found.as_dict(), add_to_output=True)
