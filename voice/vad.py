"""Is somebody speaking? Silero's model (the one that faster-whisper ships), kept in state.

One `VoiceDetector` per call. Its input is 32 ms of 16 kHz sound; time runs along the first
axis of the model's input, so calls are never batched together there.
"""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from bot.rules.errors import Unavailable
from voice.audio import STEP, Floats

_CONTEXT = 64


@cache
def _session() -> onnxruntime.InferenceSession:
    package = importlib.util.find_spec("faster_whisper")
    if package is None or not package.submodule_search_locations:
        raise Unavailable("the voice detector's model is not installed (faster-whisper)")
    path = Path(package.submodule_search_locations[0]) / "assets" / "silero_vad_v6.onnx"
    if not path.is_file():
        raise Unavailable(f"the voice detector's model is missing: {path.name}")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class VoiceDetector:
    """Speech probability of each 32 ms step of one stream."""

    def __init__(self) -> None:
        self._session = _session()
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def probability(self, step: Floats) -> float:
        """0..1 for the next `STEP` samples of the stream."""
        if step.shape != (STEP,):
            raise ValueError(f"a step is {STEP} samples, not {step.shape}")
        return self.probabilities(step)[0]

    def probabilities(self, steps: Floats) -> list[float]:
        """The same for several steps in a row: four cost little more than two one by one."""
        sound = np.concatenate([self._context, steps])
        each = [sound[at : at + _CONTEXT + STEP] for at in range(0, len(steps), STEP)]
        output, self._h, self._c = self._session.run(
            None, {"input": np.stack(each), "h": self._h, "c": self._c}
        )
        self._context = steps[-_CONTEXT:]
        found: list[float] = output.reshape(-1).tolist()
        return found
