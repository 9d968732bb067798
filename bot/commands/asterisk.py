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
    parser.add_argument("--agent-contact", help="a fixed telephone, for trials: sip:host:port")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--modules", default="/usr/lib/x86_64-linux-gnu/asterisk/modules")
    parser.add_argument("--state", default="/var/lib/asterisk/hotline")
    parser.add_argument("--rtp", default="20000-20998", metavar="FROM-TO")


def run(args: argparse.Namespace) -> int:
    """Write the files; the agents' password is made here and stands in one of them."""
    from bot.settings import ROOT, Settings

    settings = Settings()
    start, _, end = args.rtp.partition("-")
    media = settings.media_host
    words = {
        "config": str(args.out.resolve()),
        "modules": args.modules,
        "state": args.state,
        "listen": args.listen,
        "port": str(args.port),
        "trunk": args.trunk,
        "trunk_match": args.trunk.rpartition(":")[0] or args.trunk,
        "agent_password": secrets.token_urlsafe(18),
        "agent_contact": f"contact = {args.agent_contact}" if args.agent_contact else "",
        "media_encryption": "media_encryption = sdes" if args.tls else "",
        "voice": f"{media}:{settings.voice_port}",
        "media": f"{media}:{settings.audiosocket_port}",
        "rtp_start": start,
        "rtp_end": end,
    }
    args.out.mkdir(parents=True, exist_ok=True)
    for template in sorted((ROOT / "docker" / "asterisk").glob("*.conf")):
        text = template.read_text("utf-8")
        if args.tls:
            plain = "protocol = udp\nbind = @listen@:@port@"
            certificate, key = args.tls
            secure = TLS.format(
                listen=args.listen, port=args.port, certificate=certificate, key=key
            )
            text = text.replace(plain, secure)
        for name, value in words.items():
            text = text.replace(f"@{name}@", value)
        path = args.out / template.name
        path.write_text(text, "utf-8")
        path.chmod(0o600)
    print(f"{args.out}: asterisk -C {args.out / 'asterisk.conf'} -f")
    return 0
