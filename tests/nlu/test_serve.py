"""What Rasa is started with."""

from nlu.serve import actions_url, completed


def test_what_is_given_comes_last_and_wins() -> None:
    command = completed(["--model", "m.tar.gz", "--port", "9"], {"HOTLINE_RASA_URL": ""})
    assert command[:3] == ["run", "--interface", "127.0.0.1"]
    assert command.count("--model") == 1
    assert [command[i + 1] for i, word in enumerate(command) if word == "--port"] == ["8348", "9"]


def test_the_rest_comes_from_the_environment() -> None:
    command = completed(["--model", "m"], {"HOTLINE_RASA_URL": "http://127.0.0.1:7001/"})
    assert command[command.index("--port") + 1] == "7001"
    assert actions_url({}) == "http://127.0.0.1:8350/webhook"
    assert actions_url({"HOTLINE_ACTIONS_PORT": "7002"}) == "http://127.0.0.1:7002/webhook"
    assert actions_url({"HOTLINE_ACTIONS_URL": "http://127.0.0.1:1/w"}) == "http://127.0.0.1:1/w"
