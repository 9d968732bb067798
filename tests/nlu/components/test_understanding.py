"""The component in Rasa's own terms: trained, stored, loaded, asked."""

from pathlib import Path
from typing import cast

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.message import Message

from nlu.components.understanding import UNDERSTANDING, UnderstandingComponent
from nlu.understanding.examples import DATA


def test_it_is_trained_stored_loaded_and_answers(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    resource = Resource("understanding")
    context = cast("ExecutionContext", None)
    data = training_data_from_paths(
        [str(DATA / "talk.yml"), str(DATA / "out_danger.yml"), str(DATA / "in_city.yml")], "zh"
    )
    UnderstandingComponent.create({}, storage, resource, context).train(data)
    component = UnderstandingComponent.load({}, storage, resource, context)
    message = Message.build("陈")
    message.set("metadata", {"expected": "name"})
    bulb = Message.build(data.intent_examples[-1].get("text"))
    component.process([message, bulb])
    assert message.get("intent")["name"] == "inform"
    assert message.get(UNDERSTANDING)["name"] == "陈"
    assert bulb.get(UNDERSTANDING)["scope"] == "in"
    output = bulb.as_dict(only_output_properties=True)
    assert {"intent", "intent_ranking", UNDERSTANDING} <= set(output)
