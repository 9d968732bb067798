"""Write Asterisk's configuration for an address: trunk, agents, queue, our media."""

import argparse
import secrets
from pathlib import Path

TLS = """\
protocol = tls
bind = {listen}:{port}
cert_file = {certificate}
priv_key_file = {key}
method = tlsv1_2"""


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: where to write, and what the line looks like."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--listen", default="127.0.0.1", help="Asterisk's own address")
    parser.add_argument("--port", type=int, default=5060, help="its SIP port")
    parser.add_argument("--trunk", default="127.0.0.1:5070", help="the carrier's host:port")
    parser.add_argument("--agents", type=int, default=10, help="how many agents' telephones")
    parser.add_argument("--agent-contact", help="agent01's fixed telephone: sip:name@host:port")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--prefix", default="", help="where Asterisk is, if not in /")
    parser.add_argument("--modules", default="/usr/lib/x86_64-linux-gnu/asterisk/modules")
    parser.add_argument("--state", default="/var/lib/asterisk/hotline")
    parser.add_argument("--rtp", default="20000-20998", metavar="FROM-TO")


def run(args: argparse.Namespace) -> int:
    """Write the files; the agents' passwords are made here and stand in one of them."""
    from bot.settings import ROOT, Settings

    settings = Settings()
    start, _, end = args.rtp.partition("-")
    media = settings.media_host
    words = {
        "config": str(args.out.resolve()),
        "prefix": args.prefix,
        "modules": f"{args.prefix}{args.modules}",
        "state": args.state,
        "listen": args.listen,
        "port": str(args.port),
        "trunk": args.trunk,
        "trunk_match": args.trunk.rpartition(":")[0] or args.trunk,
        "members": "\n".join(f"member => PJSIP/{name}" for name in _names(args.agents)),
        "media_encryption": "media_encryption = sdes" if args.tls else "",
        "voice": f"{media}:{settings.voice_port}",
        "media": f"{media}:{settings.audiosocket_port}",
        "manager_enabled": "yes" if settings.asterisk_manager else "no",
        "manager_port": settings.asterisk_manager.rpartition(":")[2] or "5038",
        "manager_secret": settings.asterisk_secret.get_secret_value() or secrets.token_urlsafe(18),
        "rtp_start": start,
        "rtp_end": end,
    }
    templates = ROOT / "docker" / "asterisk"
    words["agents"] = _agents(args, (templates / "pjsip-agent.inc").read_text("utf-8"))
    args.out.mkdir(parents=True, exist_ok=True)
    for template in sorted(templates.glob("*.conf")):
        text = template.read_text("utf-8")
        if args.tls:
            plain = "protocol = udp\nbind = @listen@:@port@"
            certificate, key = args.tls
            secure = TLS.format(
                listen=args.listen, port=args.port, certificate=certificate, key=key
            )
            text = text.replace(plain, secure)
        for name in ("agents", *words):  # an agent's section has words of its own
            text = text.replace(f"@{name}@", words[name])
        path = args.out / template.name
        path.write_text(text, "utf-8")
        path.chmod(0o600)
    print(f"{args.out}: asterisk -C {args.out / 'asterisk.conf'} -f")
    return 0


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
