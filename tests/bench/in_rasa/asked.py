"""Train a pipeline, or ask a trained model: run in Rasa's environment by ``rasa_peer``.

``train CONFIG MODEL`` writes a model; ``ask MODEL SENTENCES`` prints a JSON object a sentence.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from nlu.tensorless import stand_in

if os.environ.get("HOTLINE_BENCH_TENSORLESS") == "1":
    stand_in()

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train
from rasa.shared.core.events import ActionExecuted, UserUttered

from nlu.fingerprint import DOMAIN, EXAMPLES, RULES


def make(config: str, model: str) -> None:
    """Train ``config`` on the product's data."""
    path = Path(model)
    result = train(
        domain=str(DOMAIN),
        config=config,
        training_files=[str(RULES), str(EXAMPLES)],
        output=str(path.parent),
        fixed_model_name=path.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0:
        raise SystemExit(result.code)


async def ask(model: str, sentences: str) -> None:
    """Understanding and the next action's prediction, without running the action."""
    agent = Agent.load(model)
    processor = agent.processor
    if processor is None:
        raise SystemExit(f"{model} cannot be loaded")
    texts = json.loads(Path(sentences).read_text(encoding="utf-8"))
    for number, text in enumerate([*texts[:3], *texts]):
        tracker = await processor.get_tracker(str(number))
        tracker.update(ActionExecuted("action_listen"))
        started = time.process_time()
        found = await processor.parse_message(UserMessage(text), tracker)
        tracker.update(
            UserUttered(text, found["intent"], found.get("entities", []), parse_data=found)
        )
        processor.predict_next_with_tracker_if_should(tracker)
        seconds = time.process_time() - started
        if number >= 3:  # the first ones warm up
            intent = found["intent"]["name"]
            row = {"intent": "unclear" if intent == "nlu_fallback" else intent, "seconds": seconds}
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "train":
        make(sys.argv[2], sys.argv[3])
    else:
        asyncio.run(ask(sys.argv[2], sys.argv[3]))
