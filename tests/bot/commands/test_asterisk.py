"""The written configuration of Asterisk."""

import re
from pathlib import Path

import pytest

from bot.cli import main


def written(folder: Path, *options: str) -> dict[str, str]:
    assert main(["asterisk", "--out", str(folder), *options]) == 0
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.conf")}


def test_everything_is_filled_in_and_on_loopback(tmp_path: Path) -> None:
    files = written(tmp_path)
    assert set(files) >= {"asterisk.conf", "extensions.conf", "modules.conf", "pjsip.conf"}
    for name, text in files.items():
        assert not re.search(r"@\w+@", text), name
        assert "0.0.0.0" not in text
    assert "bind = 127.0.0.1:5060" in files["pjsip.conf"]
    assert "VOICE = 127.0.0.1:8346" in files["extensions.conf"]


def test_each_agent_of_each_installation_has_a_password_of_its_own(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        files = written(tmp_path / name, "--agents", "3")
        found += re.findall(r"password = (\S+)", files["pjsip.conf"])
        assert files["queues.conf"].count("member => PJSIP/agent") == 3
    assert len(set(found)) == 6
    assert (tmp_path / "a" / "pjsip.conf").stat().st_mode & 0o077 == 0


def test_outside_is_encrypted_when_asked(tmp_path: Path) -> None:
    pjsip = written(tmp_path, "--listen", "192.0.2.1", "--tls", "/c.pem", "/k.pem")["pjsip.conf"]
    assert "protocol = tls" in pjsip
    assert "protocol = udp" not in pjsip
    assert pjsip.count("media_encryption = sdes") == 1 + 10  # the carrier and the agents
    assert "contact = sip:127.0.0.1:5070\\;transport=tls" in pjsip


@pytest.mark.parametrize("media", ["audiosocket", "websocket"])
@pytest.mark.parametrize("failure", ["!= 36", "[${TALKED}]"])
def test_every_failure_is_the_agents_queue(tmp_path: Path, media: str, failure: str) -> None:
    dialplan = written(tmp_path, "--media", media)["extensions.conf"]
    [line] = [line for line in dialplan.splitlines() if failure in line]
    assert line.endswith(("?people)", "?:people)"))


def test_sound_over_a_websocket_loads_its_modules(tmp_path: Path) -> None:
    files = written(tmp_path, "--media", "websocket")
    assert "load = chan_websocket.so" in files["modules.conf"]
    assert "AudioSocket(" not in files["extensions.conf"]
    assert "uri = ws://127.0.0.1:8346/media/asterisk" in files["websocket_client.conf"]
    assert "chan_websocket" not in written(tmp_path / "other")["modules.conf"]


def test_calls_can_be_ordered_only_where_the_settings_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "enabled = no" in written(tmp_path / "a")["manager.conf"]
    monkeypatch.setenv("HOTLINE_ASTERISK_MANAGER", "127.0.0.1:5999")
    monkeypatch.setenv("HOTLINE_ASTERISK_SECRET", "open sesame")
    manager = written(tmp_path / "b")["manager.conf"]
    assert "enabled = yes" in manager
    assert "bindaddr = 127.0.0.1\nport = 5999" in manager
    assert "secret = open sesame" in manager
    assert "write = originate\n" in manager


def test_behind_a_nat_others_are_told_the_outside_address(tmp_path: Path) -> None:
    assert "external" not in written(tmp_path / "a")["pjsip.conf"]
    pjsip = written(tmp_path / "b", "--listen", "0.0.0.0", "--outside", "192.0.2.1")["pjsip.conf"]
    transport = pjsip.split("[transport]")[1].split("[trunk]")[0]
    assert "external_media_address = 192.0.2.1" in transport
    assert "external_signaling_address = 192.0.2.1" in transport
