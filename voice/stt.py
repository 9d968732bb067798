"""Speech to text: faster-whisper, and the choice of its model.

A call's utterances are short, so the encoder gets the content and a margin instead of 30
seconds of padding, and what waits is decoded in one batch. No text conditions the next one.
"""

import math
import os
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.utils import download_model

from bot.rules.errors import Unavailable
from voice.audio import MODEL_RATE, Floats

DEMONSTRATION = Path(__file__).parent / "model"

_FRAMES_PER_SECOND = 100
_FULL_FRAMES = 3000
_FULL_TOKENS = 448
_MARGIN_SECONDS = 2.0
_LONGEST_SECONDS = 28.0
_TOKENS_PER_SECOND = 12


@dataclass(frozen=True)
class Guess:
    """What the model wrote. ``confidence``: mean probability of a token, 0..1; ``language``: what
    it was spoken in, empty where the model cannot tell Mandarin from Cantonese. ``others``: what
    else it may have been, the likeliest first.
    """

    text: str
    confidence: float
    no_speech: float
    language: str = ""
    others: "tuple[Guess, ...]" = ()


@dataclass(frozen=True)
class Model:
    """Which model: a name of the hub or a folder, and whether it is only the demonstration."""

    name: str
    folder: str
    demonstration: bool
    note: str = ""  # why it is not the one that was asked for
    elsewhere: bool = False  # on another machine


class Recognizer:
    """One loaded model. Not safe for two threads at once; `voice.engine` sees to that."""

    def __init__(self, model: Model, *, beam: int = 5, window_seconds: float = 0.0) -> None:
        cuda = ctranslate2.get_cuda_device_count() > 0
        self.model = model
        self.beam = beam
        self._floor = int(window_seconds * _FRAMES_PER_SECOND)
        try:
            self._whisper = WhisperModel(
                model.folder,
                device="cuda" if cuda else "cpu",
                compute_type="float16" if cuda else "int8",
                cpu_threads=min(os.cpu_count() or 1, 4),
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise Unavailable(f"the speech model {model.name} cannot be loaded: {error}") from error
        self._features: FeatureExtractor = self._whisper.feature_extractor
        knows = self._whisper.hf_tokenizer.token_to_id("<|yue|>") is not None
        self._tells_languages = knows and not model.demonstration  # it has only heard Mandarin

    def transcribe(
        self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
    ) -> list[Guess]:
        """What was said in each of ``sounds`` (16 kHz, at most 28 s each; the rest is cut)."""
        prompt, tokenizer = self._prompt(language, hot_words)
        most = _most_tokens(max(map(len, sounds)) / MODEL_RATE)
        encoded = self._whisper.encode(self._batch(sounds))
        guesses = self._generate(encoded, [prompt] * len(sounds), tokenizer, most)
        for index, guess in enumerate(guesses):
            if _repetitive(guess.text):
                guesses[index] = self._again(sounds[index], prompt, tokenizer, most) or guess
        if not self._tells_languages:
            return guesses
        spoken = languages(self._whisper.model.detect_language(encoded))
        return [replace(guess, language=each) for guess, each in zip(guesses, spoken, strict=True)]

    def _batch(self, sounds: Sequence[Floats]) -> Floats:
        most = int(_LONGEST_SECONDS * MODEL_RATE)
        each = [self._features(sound[:most]) for sound in sounds]
        longest = max(feature.shape[1] for feature in each)
        frames = longest + int(_MARGIN_SECONDS * _FRAMES_PER_SECOND)
        frames = min(max(frames, self._floor), _FULL_FRAMES)
        batch = np.zeros((len(each), each[0].shape[0], frames), np.float32)
        for row, feature in zip(batch, each, strict=True):
            row[:, : min(feature.shape[1], frames)] = feature[:, :frames]
        return batch

    def _prompt(self, language: str, hot_words: str) -> tuple[list[int], Tokenizer]:
        hub = self._whisper.hf_tokenizer
        known = language if hub.token_to_id(f"<|{language}|>") is not None else "zh"
        tokenizer = Tokenizer(
            hub, self._whisper.model.is_multilingual, task="transcribe", language=known
        )
        words = None if self.model.demonstration else (hot_words or None)
        prompt = self._whisper.get_prompt(tokenizer, [], without_timestamps=True, hotwords=words)
        return prompt, tokenizer

    def _generate(
        self,
        encoded: ctranslate2.StorageView,
        prompts: list[list[int]],
        tokenizer: Tokenizer,
        most_tokens: int,
        temperature: float = 0.0,
    ) -> list[Guess]:
        beam = 1 if temperature else self.beam
        results = self._whisper.model.generate(
            encoded,
            prompts,
            beam_size=beam,
            num_hypotheses=beam,
            sampling_temperature=temperature or 1.0,
            sampling_topk=0 if temperature else 1,
            max_length=min(len(prompts[0]) + most_tokens, _FULL_TOKENS),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )
        guesses = []
        for result in results:
            best, *others = (
                _guess(ids, score, result.no_speech_prob, tokenizer)
                for ids, score in zip(result.sequences_ids, result.scores, strict=True)
            )
            guesses.append(replace(best, others=tuple(others)))
        return guesses

    def _again(
        self, sound: Floats, prompt: list[int], tokenizer: Tokenizer, most_tokens: int
    ) -> Guess | None:
        """One more try, sampled, for text that goes round in circles."""
        encoded = self._whisper.encode(self._batch([sound]))
        guess = self._generate(encoded, [prompt], tokenizer, most_tokens, temperature=0.4)[0]
        return None if _repetitive(guess.text) else guess


def _guess(ids: list[int], score: float, no_speech: float, tokenizer: Tokenizer) -> Guess:
    tokens = sum(token < tokenizer.eot for token in ids)
    text = tokenizer.tokenizer.decode(ids, skip_special_tokens=True)
    # scores are the mean over the tokens, without the end; faster-whisper counts it in
    mean = score * tokens / (tokens + 1) if tokens else 0.0
    return Guess(text.strip(), math.exp(min(mean, 0.0)), no_speech)


def languages(found: Sequence[Sequence[tuple[str, float]]]) -> list[str]:
    """``zh`` or ``yue`` for each, whichever is likelier; empty where it is likely another."""
    languages = []
    for likely in found:
        odds = {token[2:-2]: probability for token, probability in likely}
        best = max(odds, key=lambda language: odds[language], default="")
        languages.append(best if best in ("zh", "yue") else "")
    return languages


def _most_tokens(seconds: float) -> int:
    """Nobody says more than this; a model that goes round in circles stops here."""
    return int(_TOKENS_PER_SECOND * seconds) + 12


def _repetitive(text: str) -> bool:
    data = text.encode()
    return len(data) > 60 and len(data) / len(zlib.compress(data)) > 2.4


def default_name() -> str:
    """The model that this machine can carry in conversation."""
    return "large-v3-turbo" if ctranslate2.get_cuda_device_count() else "small"


def at_hand(setting: str) -> Model:
    """The best model that needs no download: what the setting names, else the demonstration's.

    Raises `Unavailable` where there is none at all.
    """
    wanted = setting or default_name()
    if Path(wanted).is_dir():
        demonstration = Path(wanted).resolve() == DEMONSTRATION.resolve()
        return Model(wanted, wanted, demonstration)
    try:
        return Model(wanted, download_model(wanted, local_files_only=True), demonstration=False)
    except (OSError, ValueError, RuntimeError):
        note = f"{wanted} is not on this machine" if setting else ""
    if not (DEMONSTRATION / "model.bin").is_file():
        raise Unavailable(f"no speech model: {wanted} is not on this machine, nor is voice/model")
    return Model("demonstration", str(DEMONSTRATION), demonstration=True, note=note)


def named(setting: str) -> Model | None:
    """The model that ``setting`` names; None where it is one of a hub that is not here yet.

    Raises `Unavailable` for a folder that holds no model.
    """
    folder = Path(setting).expanduser()
    if folder.is_dir() or folder.is_absolute() or setting.startswith("."):
        if not (folder / "model.bin").is_file():
            raise Unavailable(f"no speech model in {setting}")
        return Model(setting, str(folder), folder.resolve() == DEMONSTRATION.resolve())
    try:
        return Model(setting, download_model(setting, local_files_only=True), demonstration=False)
    except (OSError, ValueError, RuntimeError):
        return None


def download(name: str) -> str:
    """Fetch a model from its hub (``HF_ENDPOINT`` names a mirror) and return its folder."""
    folder: str = download_model(name)
    return folder


if __name__ == "__main__":  # python -m voice.stt NAME: in a process that a deadline can end
    print(download(sys.argv[1]))
