"""The component in Rasa's own terms: trained, stored, loaded, asked."""

from pathlib import Path
from shutil import copy
from typing import cast

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.understanding import UNDERSTANDING, UnderstandingComponent
from nlu.understanding.examples import DATA, read_examples


def test_it_is_trained_stored_loaded_and_answers(tmp_path: Path) -> None:
    examples, model = tmp_path / "examples", tmp_path / "model"
    examples.mkdir()
    model.mkdir()
    storage = LocalModelStorage.create(model)
    resource = Resource("understanding")
    context = cast("ExecutionContext", None)
    for name in ("talk.yml", "out_danger.yml", "in_city.yml"):
        copy(DATA / name, examples)
    config = {"examples": str(examples)}
    UnderstandingComponent.create(config, storage, resource, context).train(TrainingData())
    component = UnderstandingComponent.load({}, storage, resource, context)
    message = Message.build("陈")
    message.set("metadata", {"expected": "name"})
    bulb = Message.build(read_examples(examples)[0].text)
    component.process([message, bulb])
    assert message.get("intent")["name"] == "inform"
    assert message.get(UNDERSTANDING)["name"] == "陈"
    assert bulb.get(UNDERSTANDING)["scope"] == "in"
    output = bulb.as_dict(only_output_properties=True)
    assert {"intent", "intent_ranking", UNDERSTANDING} <= set(output)
