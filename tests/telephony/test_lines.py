"""The ways that a call's sound may come: over a WebSocket at 16 kHz, and encrypted outside."""

import asyncio
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.clock import now
from tests.telephony.answering import Answering, answering
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import RATE, Telephone, telephone
from tests.telephony.people import press_until, until
from tests.voice.speaking import say
from voice.audio import resample

pytestmark = pytest.mark.telephone


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate of our own for 127.0.0.1, and its key: the two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = (folder / "certificate.pem", folder / "key.pem")
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(paths[0]), str(paths[1])


async def a_turn(voice: Answering, phone: Telephone) -> None:
    """Our opening is heard, and what the caller says is heard by us."""
    await phone.listens(0.3)
    assert np.abs(phone.heard()).max() > 4000
    await phone.say(resample(say("楼下半夜施工"), 16_000, RATE))
    await until(lambda: "楼下半夜施工" in [said.text for said in voice.talk.heard])


async def test_a_call_over_chan_websocket_and_to_a_person_by_key(tmp_path: Path) -> None:
    async with answering(tmp_path) as voice:
        async with (
            asterisk(voice.settings, "--media", "websocket") as made,
            telephone("13800138000", made.carrier) as phone,
        ):
            await phone.dial(made.line)
            await a_turn(voice, phone)
            assert voice.talk.heard[0].caller == "13800138000"
            await press_until(phone, "0", lambda: made.tells('Queue("PJSIP/trunk'))
    assert voice.talk.heard[-1].text == "人工"


async def test_an_interruption_empties_what_asterisk_has_queued(tmp_path: Path) -> None:
    async with answering(tmp_path, seconds=12.0) as voice:
        async with (
            asterisk(voice.settings, "--media", "websocket") as made,
            telephone("13800138000", made.carrier) as phone,
        ):
            await phone.dial(made.line)
            await until(lambda: np.abs(phone.heard()).max(initial=0) > 4000)
            async with asyncio.TaskGroup() as group:
                theirs = resample(say("不对不对我说的是另外一件事情"), 16_000, RATE)
                group.create_task(phone.say(theirs))
                await until(lambda: np.abs(phone.heard()[-RATE // 2 :]).max() < 300)
            loud = np.abs(phone.heard()) > 4000
            assert loud.sum() < 9 * RATE  # of a sentence of 12 s


async def test_a_voice_that_dies_over_chan_websocket_leaves_callers_to_people(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as voice:
        async with (
            asterisk(voice.settings, "--media", "websocket") as made,
            telephone("13800138000", made.carrier) as phone,
        ):
            await phone.dial(made.line)
            await phone.listens(0.3)
            await voice.die()
            await made.told('Queue("PJSIP/trunk')


async def test_tls_and_srtp_and_nothing_less(tmp_path: Path) -> None:
    async with answering(tmp_path) as voice:
        async with asterisk(voice.settings, "--tls", *certificate(tmp_path)) as made:
            async with telephone("13800138000", made.carrier, secure=True) as phone:
                await phone.dial(made.line)
                await a_turn(voice, phone)
            async with telephone("13800138001", secure=True, encrypts=False) as careless:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(5):
                        await careless.dial(made.line)
                assert any(event.get("type") == "CALL_CLOSED" for event in careless.events)
    assert {said.caller for said in voice.talk.heard} == {"13800138000"}
