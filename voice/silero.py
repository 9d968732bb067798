"""Silero's voice detector as plain matrix products, for many lines in one go.

The file is the one that faster-whisper ships (version 6). ONNX's runtime takes it as it is: one
line at a time, time along the first axis; a step costs it a fifth of a millisecond, six times
what it costs here among fifty. The numbers that come out are the same.
"""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import as_strided
from threadpoolctl import threadpool_limits

from bot.rules.errors import Unavailable
from voice.audio import STEP, Floats
from voice.onnx_file import numbers

CONTEXT = 64  # samples before a step that the network sees again
STATE = 128

_BASIS = "encoder.feature_extractor.forward_basis_buffer"
_LSTM = "onnx::LSTM_"  # its input weights, its own, its biases: in the order of their names
_LONGER = 4 * 128 + 128  # a step with its context and its end mirrored: four windows of 256
_BINS = 129


@dataclass(frozen=True)
class Network:
    """The weights, turned so that rows are lines."""

    basis: Floats
    layers: tuple[tuple[Floats, Floats], ...]  # of the convolutions: weights and bias
    gates: tuple[Floats, Floats, Floats]  # for what comes in, for the state, bias
    last: tuple[Floats, Floats]

    def probabilities(self, sound: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats, Floats]:
        """Of ``sound`` (lines, `CONTEXT` + `STEP`) with states (lines, `STATE`): how likely each
        is voice, and the states after."""
        weights, own, bias = self.gates
        gates = self._seen(sound) @ weights
        gates += h @ own
        gates += bias
        opened = _sigmoid(gates[:, : 3 * STATE])  # in, out, forget
        c = opened[:, 2 * STATE :] * c + opened[:, :STATE] * np.tanh(gates[:, 3 * STATE :])
        h = opened[:, STATE : 2 * STATE] * np.tanh(c)
        return _sigmoid(np.maximum(h, 0) @ self.last[0] + self.last[1]), h, c

    def _seen(self, sound: Floats) -> Floats:
        """The convolutions, each a product over windows that overlap."""
        lines = len(sound)
        longer = np.empty((lines, _LONGER), np.float32)
        longer[:, : CONTEXT + STEP] = sound
        longer[:, CONTEXT + STEP :] = sound[:, -2 : -2 - CONTEXT : -1]
        waves = _windows(longer, 4, 256, 128) @ self.basis
        waves *= waves
        strength = np.zeros((lines, 6, _BINS), np.float32)
        power = (waves[:, :_BINS] + waves[:, _BINS:]).reshape(lines, 4, _BINS)
        np.sqrt(power, out=strength[:, 1:5])
        first, second, *rest = self.layers
        padded = np.zeros((lines, 5, 128), np.float32)
        seen = _layer(_windows(strength, 4, 3 * _BINS, _BINS), *first)
        padded[:, 1:] = seen.reshape(lines, 4, 128)
        seen = _layer(_windows(padded, 2, 3 * 128, 2 * 128), *second).reshape(lines, 128)
        for weights, bias in rest:
            seen = _layer(seen, weights, bias)
        return seen


@cache
def network() -> Network:
    """The one that is installed. Raises `Unavailable`."""
    threadpool_limits(1, user_api="blas")  # products as small as these only wait for each other
    named = numbers(model_file())
    try:
        basis = named[_BASIS][:, 0].T
        taps = (slice(0, 3), slice(0, 3), slice(1, 3), slice(1, 2))  # that meet more than padding
        layers = tuple(
            _convolution(named, f"encoder.conv_layers.{index}", tap)
            for index, tap in enumerate(taps)
        )
        weights, own, bias = (named[name][0] for name in sorted(named) if name.startswith(_LSTM))
        last = named["decoder.conv1d.weight"][0, :, 0], named["decoder.conv1d.bias"]
    except (KeyError, ValueError) as error:
        raise Unavailable(f"the voice detector's model is another one: {error}") from error
    gates = np.ascontiguousarray(weights.T), np.ascontiguousarray(own.T), np.add(*np.split(bias, 2))
    return Network(np.ascontiguousarray(basis), layers, gates, last)


def _convolution(named: dict[str, Floats], name: str, taps: slice) -> tuple[Floats, Floats]:
    weights = named[f"{name}.weight"][:, :, taps]
    return weights.transpose(2, 1, 0).reshape(-1, len(weights)), named[f"{name}.bias"]


def _layer(windows: Floats, weights: Floats, bias: Floats) -> Floats:
    seen: Floats = windows @ weights
    seen += bias
    return np.maximum(seen, 0, out=seen)


def _windows(rows: Floats, count: int, size: int, hop: int) -> Floats:
    """``count`` windows of ``size`` numbers of each row, ``hop`` apart."""
    lines, each = len(rows), rows[0].nbytes
    found = as_strided(rows, (lines, count, size), (each, hop * rows.itemsize, rows.itemsize))
    return found.reshape(lines * count, size)


def _sigmoid(numbers: Floats) -> Floats:
    found: Floats = np.reciprocal(1 + np.exp(-numbers))
    return found


def model_file() -> Path:
    """Where it is installed. Raises `Unavailable`."""
    package = importlib.util.find_spec("faster_whisper")
    if package is None or not package.submodule_search_locations:
        raise Unavailable("the voice detector's model is not installed (faster-whisper)")
    path = Path(package.submodule_search_locations[0]) / "assets" / "silero_vad_v6.onnx"
    if not path.is_file():
        raise Unavailable(f"the voice detector's model is missing: {path.name}")
    return path
