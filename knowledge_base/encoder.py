"""A sentence encoder out of a folder: texts in, unit vectors out. Nothing leaves the machine.

The one door to onnxruntime and tokenizers. Runs on the CPU. What a text costs is bounded: it is cut
to ``LONGEST_TEXT`` characters and ``LONGEST`` tokens, and a question has a deadline.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Timer

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, RunOptions, SessionOptions
from onnxruntime.capi import onnxruntime_pybind11_state as failures
from tokenizers import Tokenizer

from bot.rules.errors import Unavailable
from knowledge_base.layout import Layout, Matrix

LONGEST_TEXT = 500  # characters
LONGEST = 128  # tokens, the prompt among them
BATCH = 32  # texts at a time
THREADS = 4
SECONDS = 0.5  # a question may take
POOLED = "sentence_embedding"  # the output of exports that pool by themselves
FED = ("input_ids", "attention_mask", "token_type_ids")
BROKEN = (
    failures.Fail, failures.InvalidArgument, failures.InvalidGraph, failures.InvalidProtobuf,
    failures.NoSuchFile, failures.NotImplemented, failures.RuntimeException,
)  # fmt: skip


class Encoder:
    """Any thread may call it."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        """ValueError: what is wrong with the folder."""
        self._layout = Layout.of(folder)
        self._seconds = seconds
        self.fingerprint = _fingerprint(self._layout)
        try:
            self._tokenizer = Tokenizer.from_buffer(self._layout.tokenizer.read_bytes())
            self._session = InferenceSession(
                str(self._layout.model), _options(), providers=["CPUExecutionProvider"]
            )
        except (ValueError, *BROKEN) as error:
            raise ValueError(f"{folder} holds no encoder that can be read: {error}") from None
        self._tokenizer.enable_truncation(min(LONGEST, self._layout.longest))
        padding = self._tokenizer.padding or {}
        told = {key: padding[key] for key in ("pad_id", "pad_token") if key in padding}
        self._tokenizer.enable_padding(**told)
        self._inputs = {one.name: one.type for one in self._session.get_inputs()}
        self._output = _output([one.name for one in self._session.get_outputs()])
        self._try_out(folder)

    def phrases(self, texts: Sequence[str]) -> Matrix:
        """The vectors of texts that are searched. Unavailable: the model failed."""
        prompt = self._layout.phrase_prompt
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        found = np.zeros((len(texts), self.size), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            found[some] = self._encoded([prompt + texts[n] for n in some], RunOptions())
        return found

    def question(self, text: str) -> Matrix:
        """The vector of one question. Unavailable: it took longer than a question may."""
        options = RunOptions()
        if self._seconds <= 0:
            options.terminate = True
        timer = Timer(self._seconds, setattr, (options, "terminate", True))
        timer.daemon = True
        timer.start()
        try:
            vector: Matrix = self._encoded([self._layout.question_prompt + text], options)[0]
        finally:
            timer.cancel()
        return vector

    def _encoded(self, texts: Sequence[str], options: RunOptions) -> Matrix:
        told = self._tokenizer.encode_batch([text[:LONGEST_TEXT] for text in texts])
        mask = np.array([one.attention_mask for one in told], dtype=np.int64)
        fed = {
            "input_ids": np.array([one.ids for one in told], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in told], dtype=np.int64),
        }
        if not mask.size:  # of texts without a token
            return np.zeros((len(texts), self.size), dtype=np.float32)
        feed = {
            name: fed[name].astype(np.int32 if "int32" in kind else np.int64)
            for name, kind in self._inputs.items()
        }
        try:
            (output,) = self._session.run([self._output], feed, options)
        except BROKEN as error:
            raise Unavailable(f"the sentence encoder failed: {error}") from None
        pooled = output if output.ndim == 2 else self._pooled(output, mask)
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        unit: Matrix = (pooled / np.maximum(lengths, 1e-12)).astype(np.float32)
        return unit

    def _pooled(self, tokens: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> Matrix:
        """The first token's vector, or the mean of those that are no padding."""
        if self._layout.pooling == "cls":
            first: Matrix = tokens[:, 0]
            return first
        weights = mask[:, :, None].astype(np.float32)
        mean: Matrix = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return mean

    def _try_out(self, folder: Path) -> None:
        """Encode something: a model that gives no vectors is found now, not by a caller."""
        self.size = 0
        strange = sorted(self._inputs.keys() - set(FED))
        if strange or "input_ids" not in self._inputs:
            raise ValueError(f"{folder}: the model wants {strange or 'no input_ids'}, not a text")
        try:
            vector = self._encoded(["12345"], RunOptions())
        except (Unavailable, ValueError) as error:
            raise ValueError(f"{folder}: the model cannot be used: {error}") from None
        if vector.ndim != 2 or not vector.size or not np.isfinite(vector).all():
            raise ValueError(f"{folder}: the model gives no vector for a text")
        self.size = vector.shape[1]


def _options() -> SessionOptions:
    options = SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.log_severity_level = 3  # errors alone; those are raised, too
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _output(names: Sequence[str]) -> str:
    return POOLED if POOLED in names else names[0]


def _fingerprint(layout: Layout) -> str:
    """What tells one encoder from another: all that its vectors depend on."""
    digest = hashlib.sha256()
    beside = sorted(layout.model.parent.glob(f"{layout.model.name}_data*"))
    for path in (layout.model, layout.tokenizer, *beside):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    conventions = [layout.pooling, layout.longest, LONGEST, LONGEST_TEXT, layout.phrase_prompt]
    digest.update(json.dumps(conventions).encode())
    return digest.hexdigest()[:16]
