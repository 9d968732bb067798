"""Is somebody speaking? Silero's model, kept in state; several lines are looked at in one go."""

from collections.abc import Sequence

import numpy as np

from voice.audio import STEP, Floats
from voice.silero import CONTEXT, STATE, network


class VoiceDetector:
    """Of one stream: speech probability of each 32 ms step of 16 kHz sound."""

    def __init__(self) -> None:
        self.h = np.zeros(STATE, np.float32)
        self.c = np.zeros(STATE, np.float32)
        self.context = np.zeros(CONTEXT, np.float32)

    def probability(self, step: Floats) -> float:
        """0..1 for the next `STEP` samples of the stream."""
        if step.shape != (STEP,):
            raise ValueError(f"a step is {STEP} samples, not {step.shape}")
        return probabilities([self], step[np.newaxis])[0]


def probabilities(detectors: Sequence[VoiceDetector], steps: Floats) -> list[float]:
    """The next step of each stream, a row each: fifty cost little more than six one by one."""
    context = np.stack([detector.context for detector in detectors])
    h = np.stack([detector.h for detector in detectors])
    c = np.stack([detector.c for detector in detectors])
    found, h, c = network().probabilities(np.concatenate([context, steps], axis=1), h, c)
    for row, detector in enumerate(detectors):
        detector.h, detector.c, detector.context = h[row], c[row], steps[row, -CONTEXT:].copy()
    likely: list[float] = found.tolist()
    return likely
