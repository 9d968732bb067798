"""Texts to vectors, by encoders that are trained here."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.rules.errors import Unavailable
from knowledge_base.encoder import Encoder
from tests.encoders import write_encoder

TEXTS = ("路灯坏了 照明失灵", "照明失灵 路灯不亮", "夜校几点开 课堂授课", "课堂授课 夜校报名")
CLS = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}


def near(encoder: Encoder, one: str, other: str) -> float:
    return float(encoder.question(one) @ encoder.phrases([other])[0])


def test_words_without_a_common_character_lie_near_each_other(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS))
    assert (
        near(encoder, "照明失灵", "路灯坏了") > 0.6 > 0.3 > near(encoder, "照明失灵", "夜校几点开")
    )


def test_vectors_have_the_length_of_one_in_any_batch(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS))
    texts = [("路灯" * (n % 7 + 1) + "夜校")[: n % 9 + 1] for n in range(100)]
    found = encoder.phrases(texts)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    alone = np.stack([encoder.phrases([text])[0] for text in texts])
    assert np.allclose(found, alone, atol=1e-5), "padding counts for nothing"


def test_what_has_no_known_character_is_near_to_nothing(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS))
    assert near(encoder, "kubernetes", "路灯坏了") == 0
    assert near(encoder, "", "") == 0
    assert encoder.phrases([]).shape == (0, encoder.size)


def test_the_first_token_or_the_mean(tmp_path: Path) -> None:
    mean = Encoder(write_encoder(tmp_path / "mean", TEXTS))
    first = Encoder(write_encoder(tmp_path / "cls", TEXTS, **{"1_Pooling__config": CLS}))
    assert near(first, "路校", "路灯") == pytest.approx(1, abs=1e-5)
    assert near(mean, "路校", "路灯") < 0.95
    assert first.fingerprint != mean.fingerprint


def test_prompts_stand_before_questions_and_before_phrases(tmp_path: Path) -> None:
    told = {"prompts": {"query": "夜", "document": "路"}}
    files = {"1_Pooling__config": CLS, "config_sentence_transformers": told}
    encoder = Encoder(write_encoder(tmp_path, TEXTS, **files))
    plain = Encoder(write_encoder(tmp_path / "plain", TEXTS, **{"1_Pooling__config": CLS}))
    assert np.allclose(encoder.question("灯"), plain.question("夜"), atol=1e-5)
    assert np.allclose(encoder.phrases(["灯"])[0], plain.question("路"), atol=1e-5)


def test_an_export_that_pools_by_itself(tmp_path: Path) -> None:
    told = Encoder(write_encoder(tmp_path / "pooled", TEXTS, model="onnx/model.onnx", pooled=True))
    plain = Encoder(write_encoder(tmp_path / "plain", TEXTS))
    assert np.allclose(told.question("路灯坏了"), plain.question("路灯坏了"), atol=1e-5)


def test_a_text_is_cut_before_it_costs_anything(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS))
    assert np.allclose(encoder.question("路" * 1_000_000 + "夜"), encoder.question("路"), atol=1e-5)


def test_a_question_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS), seconds=0)
    with pytest.raises(Unavailable, match="encoder failed"):
        encoder.question("路灯坏了")
    assert encoder.phrases(["路灯坏了"]).shape == (1, encoder.size)


def test_threads_share_it(tmp_path: Path) -> None:
    encoder = Encoder(write_encoder(tmp_path, TEXTS))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(encoder.question, ["路灯", "夜校"] * 50))
    assert all(np.allclose(one, found[n % 2]) for n, one in enumerate(found))


def test_folders_that_hold_no_encoder_say_so(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "a", TEXTS)
    (folder / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(ValueError, match="no encoder that can be read"):
        Encoder(folder)
    folder = write_encoder(tmp_path / "b", TEXTS)
    (folder / "tokenizer.json").write_text(json.dumps({"version": "1.0"}))
    with pytest.raises(ValueError, match="no encoder that can be read"):
        Encoder(folder)
