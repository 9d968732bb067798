"""What the network gets and what it is told: log-mel spectrograms and labels, in shards on disk."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np
import torch
import yaml
from pypinyin import Style, lazy_pinyin
from torch import Tensor
from transformers.audio_utils import mel_filter_bank

from voice.training.sentences import Sentence, Sentences
from voice.training.speech import RATE, Samples, Speaker, Spoken

MELS, HOP, WINDOW = 80, 160, 400
STEP = 0.02  # seconds of one position of the encoder


class Example(TypedDict):
    """One utterance: ``mel`` [80, frames] half precision, its text, its characters' places in
    encoder positions [characters, 2], and the syllable of every character (-1: none)."""

    kind: str
    mel: Tensor
    text: str
    places: Tensor
    syllables: Tensor


@cache
def _filters() -> Tensor:
    bank = mel_filter_bank(
        1 + WINDOW // 2, MELS, 0.0, 8000.0, RATE, norm="slaney", mel_scale="slaney"
    )
    return torch.from_numpy(bank.T.astype(np.float32))


def log_mel(samples: Samples) -> Tensor:
    """Whisper's spectrogram [80, frames] of 16-kHz samples, one frame each 10 ms."""
    wave = torch.nn.functional.pad(torch.from_numpy(samples), (0, HOP))
    spectrum = torch.stft(wave, WINDOW, HOP, window=torch.hann_window(WINDOW), return_complex=True)
    mel = _filters() @ (spectrum[:, :-1].abs() ** 2)
    logarithm = mel.clamp(min=1e-10).log10()
    return (torch.maximum(logarithm, logarithm.max() - 8.0) + 4.0) / 4.0


_PARTS = yaml.safe_load((Path(__file__).parent / "syllables.yml").read_text(encoding="utf-8"))
INITIALS = ["", *_PARTS["initials"].split()]
FINALS = {
    name: number
    for number, name in enumerate(
        rime + tone for rime in _PARTS["finals"].split() for tone in ("", "1", "2", "3", "4")
    )
}


def syllables(text: str) -> Tensor:
    """[characters, 2]: number of the initial, number of the final with its tone."""
    labels = torch.full((len(text), 2), -1, dtype=torch.int16)
    first = lazy_pinyin(text, Style.INITIALS, strict=False, errors=lambda part: [""] * len(part))
    final = lazy_pinyin(
        text, Style.FINALS_TONE3, strict=False, errors=lambda part: [""] * len(part)
    )
    for index, (begin, end) in enumerate(zip(first, final, strict=True)):
        if end in FINALS:
            labels[index, 0] = INITIALS.index(begin)
            labels[index, 1] = FINALS[end]
    return labels


def example(sentence: Sentence, spoken: Spoken, samples: Samples) -> Example:
    """Put together what the network needs of an utterance."""
    places = torch.tensor([(begin / STEP, end / STEP) for begin, end in spoken.places])
    return {
        "kind": sentence.kind,
        "mel": log_mel(samples).half(),
        "text": sentence.text,
        "places": places.reshape(-1, 2).round().short(),
        "syllables": syllables(sentence.text),
    }


def shard(seed: int, size: int, mix: str = "broad") -> Iterator[Example]:
    """``size`` utterances through a line, a few of them clean; 3 in 100 are noise alone."""
    sentences, speaker = iter(Sentences(seed, mix=mix)), Speaker(seed)
    for number in range(size):
        if number % 33 == 0:
            nothing = Spoken(speaker.noise_alone(), [])
            yield example(Sentence("noise", ""), nothing, nothing.samples)
            continue
        sentence = next(sentences)
        spoken = speaker.say(sentence)
        if len(spoken.places) == len(sentence.text) and len(spoken.samples) < 14 * RATE:
            yield example(sentence, spoken, speaker.line(spoken.samples))


def write(folder: Path, seed: int, size: int, mix: str = "broad") -> Path:
    """A shard on disk, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{seed:05}.pt"
    if not path.exists():
        torch.save(list(shard(seed, size, mix)), path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    return path
