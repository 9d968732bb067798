"""Rasa's ResponseSelector over the knowledge base: run in Rasa's environment by ``knowledge_rasa``.

``selecting PROJECT QUESTIONS`` trains on the folder PROJECT (``config.yml``, ``domain.yml``,
``nlu.yml``) and prints a JSON object a question: ``{"ranking": [entry ids, the best first]}``.
"""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train_nlu


async def answer(project: Path, questions: Path) -> None:
    """Train, then rank the entries for every question."""
    model = train_nlu(
        config=str(project / "config.yml"),
        nlu_data=str(project / "nlu.yml"),
        domain=str(project / "domain.yml"),
        output=str(project),
        fixed_model_name="selector",
    )
    agent = Agent.load(model)
    if agent.processor is None:
        raise SystemExit(f"{model} cannot be loaded")
    for text in json.loads(questions.read_text(encoding="utf-8")):
        found = await agent.processor.parse_message(UserMessage(text))
        ranking = found["response_selector"]["faq"]["ranking"]
        names = [row["intent_response_key"].partition("/")[2] for row in ranking]
        print(json.dumps({"ranking": names}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    asyncio.run(answer(Path(sys.argv[1]), Path(sys.argv[2])))
