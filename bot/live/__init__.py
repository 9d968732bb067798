"""Live state in Redis: the only package that knows it."""

from bot.live.state import Live

__all__ = ["Live"]
