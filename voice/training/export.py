"""From trained weights to the folder that faster-whisper loads: CTranslate2, int8."""

import json
import tempfile
from pathlib import Path

import torch
from ctranslate2.converters import TransformersConverter
from transformers import GenerationConfig, PreTrainedTokenizerFast, WhisperForConditionalGeneration

from voice.training.network import HEAD, Network, config
from voice.training.vocabulary import LANGUAGES, numbers, tokenizer

FEATURES = {
    "feature_size": 80,
    "sampling_rate": 16_000,
    "hop_length": 160,
    "chunk_length": 30,
    "n_fft": 400,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "processor_class": "WhisperProcessor",
}


def export(weights: Path, folder: Path) -> None:
    """Write the model kept in ``weights`` (`voice.training.train`) into ``folder``."""
    state = torch.load(weights)
    embedding = _embedding(state)
    state = {
        name.removeprefix("whisper."): value
        for name, value in state.items()
        if name.startswith("whisper.")
    }
    model = _shaped_as(state)
    state["model.decoder.embed_tokens.weight"] = embedding
    state["proj_out.weight"] = embedding
    model.load_state_dict(state)
    model.generation_config = _generation(model)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch)
        made = tokenizer()
        PreTrainedTokenizerFast(tokenizer_object=made).save_pretrained(scratch)
        (Path(scratch) / "preprocessor_config.json").write_text(json.dumps(FEATURES, indent=1))
        TransformersConverter(
            scratch, copy_files=["tokenizer.json", "preprocessor_config.json"]
        ).convert(str(folder), quantization="int8", force=True)


def _embedding(state: dict[str, torch.Tensor]) -> torch.Tensor:
    width = state["whisper.model.encoder.conv1.weight"].shape[0]
    network = Network(config(width, 1, 2))
    for name in ("whisper.model.decoder.embed_tokens", "initial_part", "final_part"):
        network.get_submodule(name).weight.data = state[f"{name}.weight"]
    return network.embedding().detach()


def _shaped_as(state: dict[str, torch.Tensor]) -> WhisperForConditionalGeneration:
    width = state["model.encoder.conv1.weight"].shape[0]
    layers = [
        len({name.split(".")[3] for name in state if name.startswith(f"model.{part}.layers.")})
        for part in ("encoder", "decoder")
    ]
    return WhisperForConditionalGeneration(config(width, layers[0], layers[1]))


def _generation(model: WhisperForConditionalGeneration) -> GenerationConfig:
    number = numbers()
    last = model.config.decoder_layers - 1
    heads = [[last, head] for head in range(model.config.d_model // HEAD)]
    return GenerationConfig(
        is_multilingual=True,
        lang_to_id={f"<|{language}|>": number[f"<|{language}|>"] for language in LANGUAGES},
        task_to_id={task: number[f"<|{task}|>"] for task in ("transcribe", "translate")},
        no_timestamps_token_id=number["<|notimestamps|>"],
        alignment_heads=heads,
        suppress_tokens=[],
        begin_suppress_tokens=[],
        decoder_start_token_id=number["<|startoftranscript|>"],
        eos_token_id=number["<|endoftext|>"],
        pad_token_id=number["<|endoftext|>"],
        max_length=448,
    )
