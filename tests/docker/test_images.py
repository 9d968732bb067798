"""The images' recipe names what is there, and ends in images that hold no more than they need."""

import re
from fnmatch import fnmatch

import yaml

from bot.settings import ROOT, Settings
from nlu import serve

DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
STAGES = dict(re.findall(r"(?ms)^FROM \S+ AS (\S+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE))
COPIED = [
    source
    for sources in re.findall(r"(?m)^COPY (?!--from)(.+)$", DOCKERFILE)
    for source in sources.split()[:-1]
]


def test_every_target_of_the_services_is_a_stage_that_runs_as_nobody_special() -> None:
    compose = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
    built = [one["build"]["target"] for one in compose["services"].values() if "build" in one]
    assert set(built) == {"hotline", "rasa", "asterisk"}
    for target in set(built):
        assert re.findall(r"(?m)^USER (\w+)$", STAGES[target]) == ["hotline"]
        assert "pip install" not in STAGES[target]


def test_packages_come_from_the_locks_by_their_hashes() -> None:
    installed = re.findall(r"pip install ([^&]+)", DOCKERFILE)
    assert len(installed) == 2
    for line, lock in zip(installed, ("requirements.lock", "nlu/requirements.lock"), strict=True):
        assert "--require-hashes" in line
        assert line.split("-r ")[1].strip() == lock
        assert "--hash=sha256:" in (ROOT / lock).read_text("utf-8")


def test_what_is_copied_is_there_and_sent_to_the_builder() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    kept_out = [rule for rule in rules if rule and not rule.startswith(("!", "#", "*"))]
    for source in COPIED:
        assert (ROOT / source).exists(), source
        assert any(source == one or source.startswith(f"{one}/") for one in let_in), source
        assert not any(fnmatch(source, rule) for rule in kept_out), source


def test_rasa_listens_and_finds_its_actions_where_the_settings_say() -> None:
    settings = Settings(_env_file=None)
    assert settings.rasa_url == serve.RASA_URL
    assert settings.actions_port == int(serve.ACTIONS_PORT)
