"""坐席状态: what an agent is doing, and who is offered callers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class State(str, Enum):
    """What an agent is doing."""

    IDLE = "idle"  # 空闲
    BUSY = "busy"  # 忙碌: at work, takes nobody new
    BREAK = "break"  # 小休
    WRAP_UP = "wrap_up"  # 话后: writing up the last caller


@dataclass(frozen=True)
class Present:
    """An agent who is there: the skills, the state and since when, how many callers."""

    login: str
    name: str
    skills: tuple[str, ...]
    state: State
    since: datetime
    callers: int = 0

    def free(self, chats_at_once: int) -> bool:
        """Whether somebody may be offered to this agent now."""
        return self.state is State.IDLE and self.callers < chats_at_once

    def after(self, at: datetime, wrap_up_seconds: int) -> State:
        """The state now: writing up ends by itself."""
        over = (at - self.since).total_seconds() >= wrap_up_seconds
        return State.IDLE if self.state is State.WRAP_UP and over else self.state


def able(present: Iterable[Present], skill: str) -> list[Present]:
    """Who of those there has the skill and is at work, free or not."""
    return [one for one in present if skill in one.skills and one.state is not State.BREAK]
