"""How well a model hears: character error rates on sentences and voices it never met."""

import itertools
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voice.training.sentences import KINDS, Sentence, Sentences
from voice.training.speech import HELD_OUT, RATE, Samples, Speaker, telephone

TELEPHONE_NOISE = 20.0  # dB below the speech, on the telephone band


@dataclass(frozen=True)
class Clip:
    """Something to be heard, and what was said."""

    kind: str
    text: str
    samples: Samples


def errors(said: str, heard: str) -> int:
    """Characters to replace, insert or leave out: Levenshtein's distance."""
    row = list(range(len(heard) + 1))
    for index, wanted in enumerate(said, 1):
        previous, row[0] = row[0], index
        for column, got in enumerate(heard, 1):
            previous, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, previous + (wanted != got)),
            )
    return row[-1]


def synthetic(count: int, seed: int = 990_001) -> list[tuple[Clip, Clip]]:
    """``count`` unseen sentences of each kind in unseen voices: clean, and over a noisy line."""
    sentences = Sentences(seed, held_out=True)
    speaker = Speaker(seed, HELD_OUT)
    pairs = []
    for kind in KINDS:
        for sentence in itertools.islice(_of(sentences, kind), count):
            clean = speaker.say(sentence).samples
            line = telephone(speaker.add_noise(clean, TELEPHONE_NOISE))
            pairs.append((Clip(kind, sentence.text, clean), Clip(kind, sentence.text, line)))
    return pairs


def citizens(folder: Path, count: int, seed: int = 990_002) -> list[tuple[Clip, Clip]]:
    """Real citizens' subject lines (development data), spoken by the unseen voices."""
    lines = (folder / "messages" / "messages.dev.jsonl").read_text("utf-8").splitlines()
    subjects = [json.loads(line).get("subject", "") for line in lines]
    plain = [
        text
        for text in subjects
        if 4 <= len(text) <= 20 and all("\u4e00" <= character <= "\u9fff" for character in text)
    ]
    speaker = Speaker(seed, HELD_OUT)
    pairs = []
    for text in random.Random(seed).sample(plain, min(count, len(plain))):
        clean = speaker.say(Sentence("citizens", text)).samples
        line = telephone(speaker.add_noise(clean, TELEPHONE_NOISE))
        pairs.append((Clip("citizens", text, clean), Clip("citizens", text, line)))
    return pairs


def recordings(folder: Path, decode: Any) -> list[Clip]:
    """Real Mandarin recordings of the development data; ``decode(path, rate)`` reads a file."""
    clips = []
    for line in (folder / "speech" / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if "AISHELL" in row["kind"]:
            samples = decode(str(folder / "speech" / row["file"]), sampling_rate=RATE)
            clips.append(Clip("aishell", row["text"], samples.astype(np.float32)))
    return clips


def score(model: Any, clips: Iterable[Clip], **options: Any) -> dict[str, dict[str, float]]:
    """By kind: ``cer``, the share of sentences ``exact``, and how many there were."""
    found: dict[str, list[tuple[int, int]]] = {}
    for clip in clips:
        segments, _ = model.transcribe(clip.samples, language="zh", **options)
        heard = "".join(segment.text for segment in segments)
        found.setdefault(clip.kind, []).append((errors(clip.text, heard), len(clip.text)))
    return {
        kind: {
            "cer": sum(wrong for wrong, _ in rows) / sum(length for _, length in rows),
            "exact": sum(wrong == 0 for wrong, _ in rows) / len(rows),
            "count": len(rows),
        }
        for kind, rows in found.items()
    }


def _of(sentences: Sentences, kind: str) -> Iterable[Sentence]:
    while True:
        sentence = sentences.one(kind)
        if 0 < len(sentence.text) <= 30:
            yield sentence
