"""Recordings that somebody hands us: what browsers record, wav files, anything PyAV reads.

Every way of being wrong has a code: ``empty``, ``not_audio``, ``too_long``.
"""

import io
import wave
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from bot.rules.errors import Rejected
from voice.audio import MODEL_RATE, Samples, from_frame, to_bytes


def decode(data: bytes, *, most_seconds: float, rate: int = MODEL_RATE, name: str = "") -> Samples:
    """Mono samples at ``rate`` of webm/opus, ogg, mp4/aac, mp3, wav.

    Decoding stops at ``most_seconds``, so an hour in a small file costs no more than that.
    Raises `Rejected` with code ``empty``, ``not_audio`` or ``too_long``.
    """
    where = f"{name}: " if name else ""
    if not data:
        raise Rejected(f"{where}the recording is empty", code="empty", field="file")
    pieces: list[Samples] = []
    samples = 0
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    try:
        with av.open(io.BytesIO(data), "r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise Rejected(f"{where}no sound in it", code="not_audio", field="file")
            for frame in container.decode(audio=0):
                frame.pts = None
                for converted in resampler.resample(frame):
                    piece = from_frame(converted)
                    pieces.append(piece)
                    samples += len(piece)
                if samples > most_seconds * rate:
                    raise Rejected(
                        f"{where}longer than {most_seconds:g} seconds",
                        code="too_long",
                        field="file",
                    )
            for converted in resampler.resample(None):
                pieces.append(from_frame(converted))
    except (FFmpegError, ValueError) as error:
        raise Rejected(f"{where}this is not a recording", code="not_audio", field="file") from error
    if not any(len(piece) for piece in pieces):
        raise Rejected(f"{where}the recording is empty", code="empty", field="file")
    return np.concatenate(pieces)


def read(path: Path, *, most_seconds: float, rate: int = MODEL_RATE) -> Samples:
    """A recording from disk. Raises `Rejected` naming the file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Rejected(
            f"{path}: {error.strerror or 'cannot be read'}", code="not_audio", field="file"
        ) from error
    return decode(data, most_seconds=most_seconds, rate=rate, name=str(path))


def wav(samples: Samples, rate: int = MODEL_RATE) -> bytes:
    """A wav file of mono samples, or of ``[frames, 2]`` for stereo."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(to_bytes(samples))
    return buffer.getvalue()


def mp3(samples: Samples, rate: int = MODEL_RATE) -> bytes:
    """An mp3 of mono samples, 48 kbit/s."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="mono")
        stream.bit_rate = 48_000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = AudioResampler(format="s16p", layout="mono", rate=rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return buffer.getvalue()
