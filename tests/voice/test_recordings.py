"""What comes as a recording, and what only says so."""

import io
from pathlib import Path

import av
import numpy as np
import pytest

from bot.rules.errors import Rejected
from tests.voice.speaking import say, silence
from voice import recordings
from voice.audio import Samples, level


def browser(samples: Samples, container: str, codec: str, rate: int = 48_000) -> bytes:
    """As a browser's MediaRecorder makes it."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(
            format=stream.codec_context.format or "fltp",
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 960,
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac"), ("mp3", "libmp3lame")],
)
def test_what_browsers_record_is_read(container: str, codec: str) -> None:
    sound = say("您好,我要反映一个问题")
    data = browser(sound, container, codec, 44_100 if codec == "libmp3lame" else 48_000)
    heard = recordings.decode(data, most_seconds=60)
    assert len(heard) == pytest.approx(len(sound), rel=0.1)
    assert level(heard) == pytest.approx(level(sound), abs=1.5)


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 96_000])
def test_a_wav_of_any_rate_is_brought_to_ours(rate: int) -> None:
    data = recordings.wav(np.full(rate, 500, np.int16), rate)
    assert len(recordings.decode(data, most_seconds=2)) == pytest.approx(16_000, abs=200)


def test_stereo_becomes_mono() -> None:
    data = recordings.wav(np.full((8000, 2), 700, np.int16), 8000)
    assert len(recordings.decode(data, most_seconds=2)) == pytest.approx(16_000, abs=200)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"this is a text file sent as audio\n" * 50, "not_audio"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not_audio"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "not_audio"),
        (recordings.wav(silence(0)), "empty"),
        (recordings.wav(silence(61)), "too_long"),
        (recordings.wav(silence(3600), 4000), "too_long"),
    ],
    ids=["nothing", "text", "head", "zeros", "no samples", "a minute", "an hour"],
)
def test_every_way_of_being_wrong_has_a_code(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as raised:
        recordings.decode(data, most_seconds=60)
    assert raised.value.code == code


def test_a_cut_wav_gives_what_is_there() -> None:
    data = recordings.wav(say("您好"))
    assert 0 < len(recordings.decode(data[: len(data) // 2], most_seconds=60)) < len(data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match=r"none\.wav"):
        recordings.read(tmp_path / "none.wav", most_seconds=60)


def test_mp3_there_and_back() -> None:
    sound = say("您好")
    heard = recordings.decode(recordings.mp3(sound), most_seconds=60)
    assert level(heard) == pytest.approx(level(sound), abs=2)
