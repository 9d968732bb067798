"""What every action has: a deadline, an apology, a log line, and a handy view of the turn.

Rasa turns a failing action into silence (its events are lost, the caller gets an empty list);
here a failure is said, and counted, so that the second one reaches a person.
"""

import asyncio
import time
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from bot.log import bind, logger

log = logger(__name__)

Event = dict[str, Any]
Heard = Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """One utterance as an action sees it, and its mouth."""

    tracker: Tracker
    dispatcher: CollectingDispatcher

    @property
    def session_id(self) -> str:
        """The session the utterance belongs to."""
        return str(self.tracker.sender_id)

    @property
    def text(self) -> str:
        """What the caller said."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def heard(self) -> Heard:
        """The understanding of it, set by Rasa's pipeline."""
        message = self.tracker.latest_message
        heard: Heard = message.get("understanding") or {"intent": message["intent"]["name"]}
        return heard

    @property
    def channel(self) -> str:
        """phone, wechat, web."""
        return str(self.tracker.get_latest_input_channel() or "web")

    @property
    def caller(self) -> str | None:
        """The calling number, where the channel has one that can be called back."""
        caller = (self.tracker.latest_message.get("metadata") or {}).get("caller")
        return str(caller) if caller and self.channel == "phone" else None

    @property
    def in_report(self) -> bool:
        """Whether the report form is under way."""
        return self.tracker.active_loop_name is not None

    def slot(self, name: str) -> Any:
        """A slot's value."""
        return self.tracker.get_slot(name)

    def say(self, response: str, **values: Any) -> None:
        """Say a sentence of the domain's, filled with values."""
        self.dispatcher.utter_message(response=response, **values)

    def mark(self, **marks: Any) -> None:
        """Tell the gateway what this was: ``outcome``, ``spoken``, ``card``, ``next``, facts."""
        self.dispatcher.utter_message(json_message=marks)


class HotlineAction(Action):
    """Base of every action. A subclass has ``called`` and ``act``."""

    called: str

    def __init__(self, services: Services) -> None:
        self.services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return self.called

    @abstractmethod
    async def act(self, turn: Turn) -> list[Event]:
        """Do it; the events for Rasa's tracker."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Called by the executor."""
        turn = Turn(tracker, dispatcher)
        started = time.monotonic()
        with bind(session=turn.session_id, action=self.called):
            try:
                async with asyncio.timeout(self.services.seconds):
                    return await self.act(turn)
            except Exception as error:  # the second of the design's three places
                log.exception("action.failed", error=type(error).__name__)
                dispatcher.messages.clear()
                turn.say("utter_technical_problem")
                return []
            finally:
                log.info("action.finished", seconds=round(time.monotonic() - started, 3))
