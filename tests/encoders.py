"""Small sentence encoders that are real ones: a trained tokenizer, an ONNX graph that runs.

No hub of models can be reached from a test. What stands here learns which characters occur in the
same texts (a latent semantic analysis, Deerwester et al. 1990: a singular value decomposition of
characters by texts), so that words without a common character lie near each other where the texts
use them of the same matter. The graph looks a character's vector up; ONNX's wire format (Protocol
Buffers) is written here, since it takes few lines.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

PAD, UNKNOWN = "[PAD]", "[UNK]"
FLOAT, INT64 = 1, 7  # ONNX's names of element types
INTS, INT = 7, 2  # and of attributes


def write_encoder(
    folder: Path,
    texts: Sequence[str],
    size: int = 16,
    *,
    model: str = "model.onnx",
    pooled: bool = False,
    **files: Mapping[str, Any] | Sequence[Any],
) -> Path:
    """An encoder trained on texts. ``files``: further JSON files, ``__`` in a name for ``/``.

    ``pooled``: its graph takes the mean by itself.
    """
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")]
    )
    trainer = trainers.WordLevelTrainer(special_tokens=[PAD, UNKNOWN], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    told = [set(tokenizer.encode(text).ids) for text in texts]
    table = _meanings(told, tokenizer.get_vocab_size(), size)
    (folder / model).parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / model).write_bytes(_graph(table, pooled))
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def _meanings(texts: Sequence[set[int]], count: int, size: int) -> np.ndarray:
    """A vector for each character, heavier the rarer it is; none for padding and the unknown."""
    held = np.zeros((count, len(texts)), dtype=np.float32)
    for number, ids in enumerate(texts):
        held[list(ids), number] = 1
    rareness = np.log(1 + len(texts) / np.maximum(held.sum(axis=1, keepdims=True), 1))
    left, strength, _ = np.linalg.svd(held * rareness, full_matrices=False)
    table = (left * rareness)[:, :size] * (strength[:size] > 1e-6)
    table[:2] = 0
    return np.ascontiguousarray(table, dtype=np.float32)


def _graph(table: np.ndarray, pooled: bool) -> bytes:
    """``input_ids`` to ``last_hidden_state``, or to its mean, ``sentence_embedding``."""
    nodes = [_node("Gather", ["table", "input_ids"], "last_hidden_state")]
    output, shape = "last_hidden_state", ["batch", "length", table.shape[1]]
    if pooled:
        axes = _joined({1: "axes", 8: 1, 20: INTS})
        keep = _joined({1: "keepdims", 3: 0, 20: INT})
        nodes.append(_node("ReduceMean", [output], "sentence_embedding", axes, keep))
        output, shape = "sentence_embedding", ["batch", table.shape[1]]
    weights = b"".join(_field(1, size) for size in table.shape)
    weights += _joined({2: FLOAT, 8: "table", 9: table.tobytes()})
    graph = b"".join(_field(1, node) for node in nodes)
    graph += _joined(
        {
            2: "encoder",
            5: weights,
            11: _value("input_ids", INT64, ["batch", "length"]),
            12: _value(output, FLOAT, shape),
        }
    )
    return _joined({1: 8, 7: graph, 8: _joined({1: "", 2: 13})})


def _node(kind: str, inputs: Sequence[str], output: str, *attributes: bytes) -> bytes:
    parts = [_field(1, name) for name in inputs] + [_field(2, output), _field(4, kind)]
    return b"".join([*parts, *(_field(5, attribute) for attribute in attributes)])


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    sizes = [_field(1, _field(2 if isinstance(one, str) else 1, one)) for one in shape]
    tensor = _field(1, kind) + _field(2, b"".join(sizes))
    return _field(1, name) + _field(2, _field(1, tensor))


def _joined(fields: Mapping[int, int | str | bytes]) -> bytes:
    return b"".join(_field(number, value) for number, value in fields.items())


def _field(number: int, value: int | str | bytes) -> bytes:
    """A field of a message of Protocol Buffers."""
    if isinstance(value, int):
        return bytes([*_varint(number << 3), *_varint(value)])
    data = value.encode() if isinstance(value, str) else value
    return bytes([*_varint(number << 3 | 2), *_varint(len(data))]) + data


def _varint(value: int) -> Iterator[int]:
    while value > 127:
        yield value & 127 | 128
        value >>= 7
    yield value
