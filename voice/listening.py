"""A whole recording to text: cut into utterances by the voice detector, each transcribed."""

from dataclasses import dataclass

import numpy as np

from bot.rules.errors import Rejected
from voice.audio import MODEL_RATE, STEP, Samples, to_floats
from voice.segments import Segmenter, VoiceStopped
from voice.service import Transcriber
from voice.signals import Transcript
from voice.vad import VoiceDetector

_MARGIN_SECONDS = 0.3
_WHOLE_SECONDS = 25.0  # what is shorter is transcribed in one piece


@dataclass(frozen=True)
class Spoken:
    """A stretch of speech at 16 kHz, and how much of it is voice."""

    samples: Samples
    voiced_seconds: float


def utterances(samples: Samples) -> list[Spoken]:
    """The stretches of speech in ``samples`` (16 kHz), in order."""
    detector, segmenter = VoiceDetector(), Segmenter()
    quiet = np.zeros(3 * MODEL_RATE, np.int16)
    sound = np.concatenate([samples, quiet])
    stops = []
    for start in range(0, len(sound) - STEP + 1, STEP):
        step = sound[start : start + STEP]
        heard = segmenter.step(step, detector.probability(to_floats(step)))
        stops += [event for event in heard if isinstance(event, VoiceStopped)]
    return [Spoken(_trimmed(stop), stop.voiced_seconds) for stop in stops]


def _trimmed(stop: VoiceStopped) -> Samples:
    tail = int(max(0.0, stop.silence_seconds - _MARGIN_SECONDS) * MODEL_RATE)
    return stop.samples[: len(stop.samples) - tail]


async def transcribe_recording(
    samples: Samples, transcriber: Transcriber, *, language: str, deadline_seconds: float = 60.0
) -> list[Transcript]:
    """Transcripts in order. Raises `Rejected` with code ``silence`` where nobody speaks."""
    spoken = utterances(samples)
    if not spoken:
        raise Rejected("nobody speaks in this recording", code="silence", field="file")
    if sum(len(part.samples) for part in spoken) <= _WHOLE_SECONDS * MODEL_RATE:
        whole = np.concatenate([part.samples for part in spoken])
        spoken = [Spoken(whole, sum(part.voiced_seconds for part in spoken))]
    return [
        await transcriber.transcribe(
            part.samples,
            voiced_seconds=part.voiced_seconds,
            language=language,
            deadline_seconds=deadline_seconds,
        )
        for part in spoken
    ]
