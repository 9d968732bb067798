"""What lies in the folder of a sentence encoder, in the usual layout of ONNX exports. Pure reading.

``tokenizer.json``, ``model.onnx`` or ``onnx/model.onnx``; and, where they are there,
``1_Pooling/config.json`` (the first token or the mean; without it the mean),
``sentence_bert_config.json`` and ``config.json`` (how long a text may be), ``modules.json``, and
``config_sentence_transformers.json`` with the prompts that stand before a question (``query``) and
before what is searched (``document``, ``passage`` or ``corpus``), as sentence-transformers has it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]  # a vector, or one a row, as an encoder makes them
Pooling = Literal["cls", "mean"]
MODELS = ("model.onnx", "onnx/model.onnx")
SEARCHED = ("document", "passage", "corpus")
KNOWN = ("Transformer", "Pooling", "Normalize")  # steps of a model that are understood here
LONGEST = 512  # tokens, where the folder does not tell


@dataclass(frozen=True)
class Layout:
    """The files and the conventions of one encoder. Prompts are empty where there are none."""

    model: Path
    tokenizer: Path
    pooling: Pooling
    longest: int  # tokens
    question_prompt: str
    phrase_prompt: str

    @classmethod
    def of(cls, folder: Path) -> "Layout":
        """What the folder holds. ValueError says what is wrong with it, and what to do."""
        if not folder.is_dir():
            raise ValueError(f"{folder} is no folder; name one that holds a sentence encoder")
        tokenizer = folder / "tokenizer.json"
        model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
        if model is None or not tokenizer.is_file():
            missing = "tokenizer.json" if model else " or ".join(MODELS)
            raise ValueError(
                f"{folder} lacks {missing}; put an ONNX export of a sentence encoder there "
                "(optimum-cli export onnx --task feature-extraction)"
            )
        _check_steps(folder)
        told = _read(folder, "config_sentence_transformers.json")
        prompts, default = told.get("prompts") or {}, told.get("default_prompt_name")
        common = prompts.get(default, "")
        searched = next((prompts[name] for name in SEARCHED if name in prompts), common)
        return cls(
            model,
            tokenizer,
            _pooling(folder),
            _longest(folder),
            str(prompts.get("query", common)),
            str(searched),
        )


def _check_steps(folder: Path) -> None:
    path = folder / "modules.json"
    steps = _parsed(path) if path.is_file() else []
    kinds = [str(step.get("type", "")).rpartition(".")[2] for step in steps]
    if strange := [kind for kind in kinds if kind not in KNOWN]:
        raise ValueError(f"{path} has a step {strange[0]}; only {', '.join(KNOWN)} are understood")


def _pooling(folder: Path) -> Pooling:
    """``cls`` or ``mean``; what else sentence-transformers knows is refused."""
    told = _read(folder, "1_Pooling/config.json")
    modes = [key for key, on in told.items() if key.startswith("pooling_mode_") and on is True]
    mode = str(told.get("pooling_mode") or ", ".join(modes))
    known: dict[str, Pooling] = {
        "pooling_mode_cls_token": "cls",
        "cls": "cls",
        "pooling_mode_mean_tokens": "mean",
        "mean": "mean",
    }
    if told and (mode not in known or told.get("include_prompt") is False):
        raise ValueError(
            f"{folder / '1_Pooling/config.json'}: only the first token (cls) or the mean of all "
            "tokens, the prompt among them, is understood; use another encoder"
        )
    return known[mode] if told else "mean"


def _longest(folder: Path) -> int:
    told = _read(folder, "sentence_bert_config.json").get("max_seq_length")
    most = told or _read(folder, "config.json").get("max_position_embeddings") or LONGEST
    if not isinstance(most, int) or isinstance(most, bool) or most < 8:
        raise ValueError(f"{folder}: texts of {most} tokens are none")
    return most


def _read(folder: Path, name: str) -> dict[str, Any]:
    """An object of the folder; nothing where there is no such file."""
    path = folder / name
    told = _parsed(path) if path.is_file() else {}
    if not isinstance(told, dict):
        raise ValueError(f"{path} is no JSON object")
    return told


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
