"""The deployment and the product say the same: names, commands, ports, settings, files.

``compose-spec.json`` is the Compose Specification's own schema (Apache-2.0,
github.com/compose-spec/compose-spec).
"""

import argparse
import importlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml

from bot.settings import ROOT, Settings
from bot.supervision import processes

DOCKER = ROOT / "docker"
SCHEMA = Path(__file__).parent / "compose-spec.json"
SOURCE = (DOCKER / "compose.yaml").read_text("utf-8")
EXAMPLE = (DOCKER / "env.example").read_text("utf-8")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::[-?]((?:[^{}]|\$\{[^{}]*\})*))?\}")
SECRET = re.compile(r"(?i)password|secret|_key|token")


def defaults(text: str) -> str:
    """``text`` with every variable at its default; ``given`` for one that must be told."""
    return VARIABLE.sub(lambda found: defaults(found[2] or "") or "given", text)


COMPOSE: dict[str, Any] = yaml.safe_load(defaults(SOURCE))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
TARGETS = {name: one.get("build", {}).get("target") for name, one in SERVICES.items()}
COMMANDS = [name for name, target in TARGETS.items() if target == "hotline"]
KEPT = [name for name in SERVICES if name != "asterisk-setup"]
SETTINGS = {f"HOTLINE_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture
def expected() -> dict[str, str]:
    """Where each process of the product says that it is healthy."""
    wanted = processes(Settings(_env_file=None), Path("model"))
    return {one.name: one.health for one in wanted if one.health}


def test_the_file_is_valid_by_the_specification() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_service_runs_a_command_that_is_there(name: str) -> None:
    service = SERVICES[name]
    command, *given = service["entrypoint"][3:] if "entrypoint" in service else service["command"]
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(f"bot.commands.{command}").add(parser)
    parser.parse_args(given)


def test_every_process_of_the_product_is_a_service_that_tells_its_health(
    expected: dict[str, str],
) -> None:
    told = {name: SERVICES[name]["healthcheck"]["test"] for name in expected}
    assert told == {
        name: ["CMD", "python", "docker/healthy.py", url] for name, url in expected.items()
    }


def test_they_share_one_network_and_only_its_holder_has_ports(expected: dict[str, str]) -> None:
    assert {SERVICES[name]["network_mode"] for name in (*expected, "asterisk")} == {"service:pod"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["pod"]


def test_only_the_gateway_and_the_phone_are_published(expected: dict[str, str]) -> None:
    published = [port.split(":", 2)[-1] for port in SERVICES["pod"]["ports"]]
    gateway, sip, secure, media = (port.rsplit(":", 1)[-1] for port in published)
    assert int(gateway) == urlsplit(expected["gateway"]).port
    assert (sip, secure) == ("5060/udp", "5061/tcp")
    entry = SERVICES["asterisk-setup"]["entrypoint"]
    assert media == f"{entry[entry.index('--rtp') + 1]}/udp"
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["pod"]["ports"])


@pytest.mark.parametrize("name", KEPT)
def test_a_service_is_restarted_limited_and_its_log_kept_short(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "postgres"])
def test_a_service_can_change_nothing_but_its_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_every_variable_is_a_setting() -> None:
    for path in (*DOCKER.glob("*.*"), DOCKER / "Dockerfile"):
        named = set(re.findall(r"HOTLINE_[A-Z][A-Z0-9_]*", path.read_text("utf-8")))
        assert named <= SETTINGS, path.name


def test_what_is_filled_in_is_listed_and_what_is_listed_is_read() -> None:
    listed = {line.partition("=")[0] for line in EXAMPLE.splitlines() if re.match(r"\w+=", line)}
    read = {name for found in VARIABLE.finditer(SOURCE) for name in _names(found)}
    assert {name for name in listed if not name.startswith("HOTLINE_")} - read == {
        "COMPOSE_PROFILES"
    }
    assert read - listed == {"TAG", "VOICE_CPUS", "VOICE_MEMORY"}


def _names(found: re.Match[str]) -> list[str]:
    return [found[1], *(inner[1] for inner in VARIABLE.finditer(found[2] or ""))]


def test_no_secret_stands_in_a_file() -> None:
    raw = yaml.safe_load(SOURCE)["services"]
    values = {
        (service, name): value
        for service, one in raw.items()
        for name, value in one.get("environment", {}).items()
    }
    for (service, name), value in values.items():
        if SECRET.search(name) or "://" in str(value):
            assert VARIABLE.search(value), (service, name)
    for line in EXAMPLE.splitlines():
        name, _, value = line.partition("=")
        assert not (SECRET.search(name) and value) or line.startswith("#"), name


def test_files_named_are_there() -> None:
    for service in SERVICES.values():
        if "build" in service:
            assert (DOCKER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            found = (DOCKER / source).exists() if "/" in source else source in COMPOSE["volumes"]
            assert found, volume
