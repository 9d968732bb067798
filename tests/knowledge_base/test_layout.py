"""What a folder of an encoder may hold, and what it is told when something is missing."""

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.layout import Layout


def folder_with(tmp_path: Path, model: str = "model.onnx", **files: Any) -> Path:
    for name in (model, "tokenizer.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"{}")
    for name, content in files.items():
        path = tmp_path / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return tmp_path


def pooling(**on: bool) -> dict[str, bool]:
    modes = ("cls_token", "mean_tokens", "max_tokens", "lasttoken")
    return {f"pooling_mode_{mode}": on.get(mode, False) for mode in modes}


def test_a_bare_export_means_the_mean_and_no_prompt(tmp_path: Path) -> None:
    layout = Layout.of(folder_with(tmp_path, "onnx/model.onnx"))
    assert layout.model == tmp_path / "onnx/model.onnx"
    assert (layout.pooling, layout.longest) == ("mean", 512)
    assert (layout.question_prompt, layout.phrase_prompt) == ("", "")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (pooling(cls_token=True), "cls"),
        (pooling(mean_tokens=True) | {"include_prompt": True}, "mean"),
        ({"pooling_mode": "cls", "word_embedding_dimension": 512}, "cls"),
    ],
)
def test_the_pooling_is_the_folders(tmp_path: Path, told: dict[str, Any], expected: str) -> None:
    assert Layout.of(folder_with(tmp_path, **{"1_Pooling__config": told})).pooling == expected


@pytest.mark.parametrize(
    ("prompts", "question", "phrase"),
    [
        ({"prompts": {"query": "query: ", "passage": "passage: "}}, "query: ", "passage: "),
        ({"prompts": {"query": "q ", "document": "d ", "passage": "p "}}, "q ", "d "),
        ({"prompts": {"query": "q ", "any": "a "}, "default_prompt_name": "any"}, "q ", "a "),
        ({"prompts": {"query": "q "}, "default_prompt_name": None}, "q ", ""),
        ({"prompts": None}, "", ""),
    ],
)
def test_the_prompts_are_the_folders(
    tmp_path: Path, prompts: dict[str, Any], question: str, phrase: str
) -> None:
    layout = Layout.of(folder_with(tmp_path, config_sentence_transformers=prompts))
    assert (layout.question_prompt, layout.phrase_prompt) == (question, phrase)


def test_how_long_a_text_may_be(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, config={"max_position_embeddings": 514})
    assert Layout.of(folder).longest == 514
    folder_with(tmp_path, sentence_bert_config={"max_seq_length": 256})
    assert Layout.of(folder).longest == 256


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"1_Pooling__config": pooling(max_tokens=True)}, "use another encoder"),
        ({"1_Pooling__config": pooling(cls_token=True, mean_tokens=True)}, "another encoder"),
        ({"1_Pooling__config": pooling()}, "another encoder"),
        ({"1_Pooling__config": pooling(mean_tokens=True) | {"include_prompt": False}}, "prompt"),
        ({"modules": [{"type": "sentence_transformers.models.Dense"}]}, "a step Dense"),
        ({"config_sentence_transformers": "{"}, "is not JSON"),
        ({"config": [1]}, "no JSON object"),
        ({"sentence_bert_config": {"max_seq_length": "long"}}, "tokens"),
    ],
)
def test_what_is_not_understood_is_refused(
    tmp_path: Path, files: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Layout.of(folder_with(tmp_path, **files))


def test_a_folder_that_lacks_something_says_what_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no folder; name one"):
        Layout.of(tmp_path / "none")
    with pytest.raises(ValueError, match=r"lacks model.onnx or onnx/model.onnx; put an ONNX"):
        Layout.of(tmp_path)
    (tmp_path / "model.onnx").touch()
    with pytest.raises(ValueError, match=r"lacks tokenizer.json; put an ONNX export"):
        Layout.of(tmp_path)
