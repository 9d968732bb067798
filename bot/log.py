"""Structured logs: an event name in dotted lower case and key-values, personal data masked.

``bind(session=…)`` once, and every line of that task carries it.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.rules.privacy import mask

bind = structlog.contextvars.bound_contextvars

SAFE_KEYS = frozenset({"event", "level", "timestamp", "session", "process", "module"})


def _mask_values(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask phone numbers, ID numbers and the like in every free value, exception texts included."""
    for key, value in line.items():
        if isinstance(value, str) and key not in SAFE_KEYS:
            line[key] = mask(value)
    return line


def configure(process: str, *, level: str = "INFO", as_json: bool = True) -> None:
    """Set up this process's log: one line an event on standard error."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_values,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared[:3], structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask_values,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    others = "WARNING" if level == "INFO" else level  # what libraries say is mostly noise
    handler.setLevel(others)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(others)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(module=name)
    return bound
