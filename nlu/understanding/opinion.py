"""A second opinion on the cases that the models are unsure of, from a language model.

Off unless ``HOTLINE_OPINION_URL`` names a service with OpenAI's API. It gets the folded text
alone: places, numbers and who calls are taken out before it leaves. A service outside the own
network is refused unless ``HOTLINE_OPINION_OUTSIDE`` allows it. An opinion may add a danger and
never takes one away, whatever the caller's words tell the language model to say. A sentence
encoder may give one instead: ``neighbours.py``.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.rules.privacy import mask
from nlu.understanding.decision import Decision, decided
from nlu.understanding.text import LEXICON, Text
from nlu.understanding.understanding import DANGERS, IN, OUT

Opinion = Callable[[Text, Decision], Decision]
DATA = Path(__file__).resolve().parents[2] / ".hotline" / "data"
UNSURE = 0.5  # a decision of less confidence is worth asking about
QUIET_SECONDS = 30.0  # after a failure nobody is asked for so long
LABELS = (*IN, *OUT, "crisis", "unclear")
logger = logging.getLogger(__name__)


@dataclass
class SecondOpinion:
    """Asks ``model`` at ``url`` (``http://host/v1``); waits ``seconds`` at most."""

    url: str
    model: str = ""
    key: str = ""
    seconds: float = 1.5
    clock: Callable[[], float] = time.monotonic
    _asks_again_at: float = field(default=0.0, init=False)

    def __call__(self, text: Text, decision: Decision) -> Decision:
        """The decision, or another where this one is unsure and the opinion differs."""
        if not is_unsure(decision):
            return decision
        return opined(self._ask(text.plain), decision, "second opinion")

    def _ask(self, plain: str) -> str | None:
        """One of the labels, or None: refused, too late, not understood."""
        if self.clock() < self._asks_again_at:
            return None
        try:
            with urllib.request.urlopen(self._request(plain), timeout=self.seconds) as answer:
                said = json.load(answer)["choices"][0]["message"]["content"]
        except (urllib.error.URLError, TimeoutError, OSError, ValueError, LookupError, TypeError):
            logger.warning("the second opinion did not come")
            self._asks_again_at = self.clock() + QUIET_SECONDS
            return None
        label = str(said).strip().lower()
        return label if label in LABELS else None

    def _request(self, plain: str) -> urllib.request.Request:
        words = _words()
        body = {
            "model": self.model,
            "temperature": 0,
            "max_tokens": 8,
            "messages": [
                {"role": "system", "content": words["system"]},
                {"role": "user", "content": words["user"].format(text=mask(plain))},
            ],
        }
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = json.dumps(body, ensure_ascii=False).encode()
        return urllib.request.Request(f"{self.url}/chat/completions", data, headers)


def is_unsure(decision: Decision) -> bool:
    """Whether an opinion is worth asking for; of what may be a danger it never is."""
    dangerous = decision.crisis or decision.intent in (*DANGERS, "crisis")
    return decision.scope != "social" and decision.confidence < UNSURE and not dangerous


def opined(label: str | None, decision: Decision, evidence: str) -> Decision:
    """The decision as an opinion leaves it; no label is no opinion."""
    if label is None or label == decision.intent:
        return decision
    return decided(label, UNSURE, (evidence,), decision.ranking)


def second_opinion(environment: Mapping[str, str]) -> Opinion | None:
    """As the settings name it; None without one. ValueError for a service that may not be asked, a
    folder that holds no encoder, or both of them named."""
    url = environment.get("HOTLINE_OPINION_URL", "").rstrip("/")
    folder = environment.get("HOTLINE_OPINION_ENCODER", "")
    if url and folder:
        raise ValueError("HOTLINE_OPINION_URL and HOTLINE_OPINION_ENCODER: set one of the two")
    if folder:
        return _nearest(Path(folder), Path(environment.get("HOTLINE_DATA") or DATA))
    return _language_model(url, environment) if url else None


def _nearest(folder: Path, data: Path) -> Opinion:
    from knowledge_base.vectors import read_vectors
    from nlu.understanding.examples import read_examples
    from nlu.understanding.neighbours import Neighbours

    return Neighbours(read_vectors(folder, data / "encoder"), read_examples())


def _language_model(url: str, environment: Mapping[str, str]) -> SecondOpinion:
    outside = environment.get("HOTLINE_OPINION_OUTSIDE", "").lower() in ("1", "true", "yes")
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("HOTLINE_OPINION_URL must be http:// or https://")
    if not (outside or _is_own(urlsplit(url).hostname or "")):
        raise ValueError(
            "HOTLINE_OPINION_URL leads outside the own network; "
            "HOTLINE_OPINION_OUTSIDE=true sends it what callers say, without places and numbers"
        )
    return SecondOpinion(
        url,
        environment.get("HOTLINE_OPINION_MODEL", ""),
        environment.get("HOTLINE_OPINION_KEY", ""),
        float(environment.get("HOTLINE_OPINION_SECONDS") or 1.5),
    )


def _is_own(host: str) -> bool:
    """Whether a host is this machine, or an address of a private network."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback


@cache
def _words() -> dict[str, str]:
    table: dict[str, str] = yaml.load(
        (LEXICON / "opinion.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return table
