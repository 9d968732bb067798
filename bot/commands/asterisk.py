"""Write Asterisk's configuration for an address: trunk, agents, queue, our media."""

import argparse
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings

AUDIOSOCKET = """\
 same => n,TryExec(AudioSocket(${CALLUUID},${MEDIA}))
 same => n,Set(TALKED=$["${TRYSTATUS}" = "SUCCESS"])"""
WEBSOCKET = """\
 same => n,Dial(WebSocket/voice/c(slin16)f(json)v(call=${CALLUUID}),5,g)
 same => n,Set(TALKED=$["${DIALSTATUS}" = "ANSWER"])"""
WEBSOCKET_MODULES = """\
load = res_http_websocket.so
load = res_websocket_client.so
load = chan_websocket.so"""

TLS = """\
protocol = tls
cert_file = {certificate}
priv_key_file = {key}
method = tlsv1_2"""

OUTSIDE = """
external_signaling_address = {address}
external_media_address = {address}
local_net = 127.0.0.0/8"""


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: where to write, and what the line looks like."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--listen", default="127.0.0.1", help="Asterisk's own address")
    parser.add_argument("--port", type=int, default=5060, help="its SIP port")
    parser.add_argument("--outside", help="the address that others know it by, behind a NAT")
    parser.add_argument("--trunk", default="127.0.0.1:5070", help="the carrier's host:port")
    parser.add_argument("--agents", type=int, default=10, help="how many agents' telephones")
    parser.add_argument(
        "--speak", choices=("telephone", "browser"), default="telephone",
        help="where agents speak to callers: at their telephones, or in the desk's page; "
        "the telephones then ring only while the voice process is away",
    )  # fmt: skip
    parser.add_argument("--agent-contact", help="agent01's fixed telephone: sip:name@host:port")
    parser.add_argument(
        "--media", choices=("audiosocket", "websocket"), default="audiosocket",
        help="how sound comes to us: 8 kHz, or 16 kHz (Asterisk 20.18, 22.8 or newer)",
    )  # fmt: skip
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--prefix", default="", help="where Asterisk is, if not in /")
    parser.add_argument("--modules", default="/usr/lib/x86_64-linux-gnu/asterisk/modules")
    parser.add_argument("--state", default="/var/lib/asterisk/hotline")
    parser.add_argument("--rtp", default="20000-20998", metavar="FROM-TO")


def run(args: argparse.Namespace) -> int:
    """Write the files; the agents' passwords are made here and stand in one of them."""
    from bot.settings import ROOT, Settings

    templates = ROOT / "docker" / "asterisk"
    agents = _agents(args, (templates / "pjsip-agent.inc").read_text("utf-8"))
    words = {"agents": agents, **_line(args), **_ours(args, Settings())}
    args.out.mkdir(parents=True, exist_ok=True)
    for template in sorted(templates.glob("*.conf")):
        text = template.read_text("utf-8")
        for name, word in words.items():  # the agents first: their section has words of its own
            text = text.replace(f"@{name}@", word)
        path = args.out / template.name
        path.write_text(text, "utf-8")
        path.chmod(0o600)
    shutil.copy(templates / "tone.alaw", args.out)
    print(f"{args.out}: asterisk -C {args.out / 'asterisk.conf'} -f")
    return 0


def _line(args: argparse.Namespace) -> dict[str, str]:
    """Asterisk itself, the carrier and the agents."""
    start, _, end = args.rtp.partition("-")
    transport = "protocol = udp"
    if args.tls:
        certificate, key = args.tls
        transport = TLS.format(certificate=certificate, key=key)
    if args.outside:
        transport += OUTSIDE.format(address=args.outside)
    return {
        "config": str(args.out.resolve()),
        "prefix": args.prefix,
        "modules": f"{args.prefix}{args.modules}",
        "state": args.state,
        "transport": transport,
        "listen": args.listen,
        "port": str(args.port),
        "trunk": args.trunk,
        "trunk_match": args.trunk.rpartition(":")[0] or args.trunk,
        "trunk_transport": "\\;transport=tls" if args.tls else "",
        "media_encryption": "media_encryption = sdes" if args.tls else "",
        "members": "\n".join(f"member => PJSIP/{name}" for name in _names(args.agents)),
        "rtp_start": start,
        "rtp_end": end,
    }


def _ours(args: argparse.Namespace, settings: "Settings") -> dict[str, str]:
    """The voice process, and its way to order calls."""
    media, websocket = settings.media_host, args.media == "websocket"
    return {
        "talk": WEBSOCKET if websocket else AUDIOSOCKET,
        "stays": "?stays" if args.speak == "browser" else "",
        "media_modules": WEBSOCKET_MODULES if websocket else "",
        "voice": f"{media}:{settings.voice_port}",
        "media": f"{media}:{settings.audiosocket_port}",
        "manager_enabled": "yes" if settings.asterisk_manager else "no",
        "manager_port": settings.asterisk_manager.rpartition(":")[2] or "5038",
        "manager_secret": settings.asterisk_secret.get_secret_value() or secrets.token_urlsafe(18),
    }


def _names(agents: int) -> list[str]:
    return [f"agent{number:02}" for number in range(1, agents + 1)]


def _agents(args: argparse.Namespace, section: str) -> str:
    """The telephones of all agents, each with a password of its own."""
    sections = []
    for name in _names(args.agents):
        fixed = args.agent_contact if name == "agent01" else None
        text = section.replace("@agent@", name)
        text = text.replace("@agent_password@", secrets.token_urlsafe(18))
        sections.append(text.replace("@agent_contact@", f"contact = {fixed}" if fixed else ""))
    return "\n".join(sections)
