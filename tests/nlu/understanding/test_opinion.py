"""The second opinion: when it is asked, what it gets, what it may change, and when it fails."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from nlu.understanding.decision import Decision
from nlu.understanding.opinion import SecondOpinion, second_opinion
from nlu.understanding.text import Text

SMOKE = Text("烟", "烟", "烟")
UNSURE = Decision("complain", "in", 0.3, "民生诉求")
SURE = Decision("complain", "in", 0.9, "民生诉求")
DANGER = Decision("fire", "out", 0.2, None, "fire", True)


class Model(BaseHTTPRequestHandler):
    """A language model that says what it was told to say, and keeps what it was asked."""

    says: ClassVar[str] = "fire"
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.asked.append(json.loads(self.rfile.read(length)))
        self.send_response(404 if "missing" in self.path else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": self.says}}]}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def url() -> Iterator[str]:
    Model.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_it_decides_what_is_unsure(url: str) -> None:
    Model.says = "fire"
    found = SecondOpinion(url)(SMOKE, UNSURE)
    assert (found.intent, found.scope, found.reason, found.crisis) == ("fire", "out", "fire", True)
    assert found.evidence == ("second opinion",)


@pytest.mark.parametrize("decision", [SURE, DANGER, Decision("greet", "social", 0.1)])
def test_it_is_not_asked_about_the_rest(url: str, decision: Decision) -> None:
    assert SecondOpinion(url)(SMOKE, decision) == decision
    assert Model.asked == []


def test_numbers_do_not_leave(url: str) -> None:
    Model.says = "complain"
    number = "打13800138000"
    SecondOpinion(url)(Text(number, number, number), UNSURE)
    assert "13800138000" not in json.dumps(Model.asked)


@pytest.mark.parametrize("says", ["in scope, of course", "", "DROP TABLE", "ask_human"])
def test_what_is_no_label_changes_nothing(url: str, says: str) -> None:
    Model.says = says
    assert SecondOpinion(url)(SMOKE, UNSURE) == UNSURE


def test_after_a_failure_it_is_left_alone_for_a_while(url: str) -> None:
    now = [0.0]
    opinion = SecondOpinion(url + "/missing", clock=lambda: now[0])
    assert opinion(SMOKE, UNSURE) == UNSURE
    assert opinion(SMOKE, UNSURE) == UNSURE
    assert len(Model.asked) == 1
    now[0] = 31.0
    assert opinion(SMOKE, UNSURE) == UNSURE
    assert len(Model.asked) == 2


def test_a_service_outside_is_refused_unless_allowed() -> None:
    outside = {"HOTLINE_OPINION_URL": "https://model.example/v1"}
    with pytest.raises(ValueError, match="HOTLINE_OPINION_OUTSIDE"):
        second_opinion(outside)
    allowed = second_opinion(outside | {"HOTLINE_OPINION_OUTSIDE": "true"})
    assert isinstance(allowed, SecondOpinion)
    assert allowed.url == "https://model.example/v1"
    assert second_opinion({"HOTLINE_OPINION_URL": "http://192.168.0.7:8000/v1/"}) is not None
    assert second_opinion({}) is None


def test_two_opinions_are_one_too_many() -> None:
    both = {"HOTLINE_OPINION_URL": "http://127.0.0.1/v1", "HOTLINE_OPINION_ENCODER": "folder"}
    with pytest.raises(ValueError, match="set one of the two"):
        second_opinion(both)
    with pytest.raises(ValueError, match="no folder"):
        second_opinion({"HOTLINE_OPINION_ENCODER": "/nowhere"})
