"""Our products give what ONNX's runtime gives."""

import numpy as np
import onnxruntime
import pytest

from voice.audio import STEP
from voice.silero import CONTEXT, STATE, model_file, network


@pytest.mark.parametrize("loudness", [0.0, 0.01, 0.3])
def test_it_is_the_same_network(loudness: float) -> None:
    random = np.random.default_rng(7)
    session = onnxruntime.InferenceSession(str(model_file()), providers=["CPUExecutionProvider"])
    sound = (random.normal(size=(5, CONTEXT + STEP)) * loudness).astype(np.float32)
    h, c = random.normal(size=(2, 5, STATE)).astype(np.float32) * 0.3
    found, h_after, c_after = network().probabilities(sound, h, c)
    for line in range(5):
        theirs = session.run(
            None,
            {
                "input": sound[[line]],
                "h": h[line].reshape(1, 1, -1),
                "c": c[line].reshape(1, 1, -1),
            },
        )
        assert found[line] == pytest.approx(theirs[0].item(), abs=1e-5)
        assert h_after[line] == pytest.approx(theirs[1].reshape(-1), abs=1e-4)
        assert c_after[line] == pytest.approx(theirs[2].reshape(-1), abs=1e-4)
