"""From utterances to tensors: what the decoder is given, should say, and should look at."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from voice.training.features import Example
from voice.training.vocabulary import encode, numbers, tokens

IGNORE = -100
FRAMES = 8_000  # of 10 ms, in a batch


@dataclass
class Batch:
    """Shapes: mel [batch, 80, frames]; ids, labels [batch, tokens]; look [batch, tokens, 2] in
    positions, -1 where nothing is to be looked at; initials, finals [batch, positions]."""

    mel: Tensor
    ids: Tensor
    labels: Tensor
    look: Tensor
    initials: Tensor
    finals: Tensor
    kinds: list[str]


def batches(
    examples: Sequence[Example], dice: random.Random, frames: int = FRAMES
) -> Iterator[list[Example]]:
    """Utterances of like length together, in random order, each once."""
    pool = sorted(examples, key=lambda one: one["mel"].shape[1] + dice.uniform(0, 20))
    made: list[list[Example]] = []
    current: list[Example] = []
    for one in pool:
        if current and (len(current) + 1) * one["mel"].shape[1] > frames:
            made.append(current)
            current = []
        current.append(one)
    if current:
        made.append(current)
    dice.shuffle(made)
    yield from made


def sequence(
    one: Example, dice: random.Random, train: bool
) -> tuple[list[int], list[int], list[int]]:
    """What the decoder is given, what it should answer, and at which answer each character is."""
    number = numbers()
    text = encode(one["text"])
    prompt: list[int] = []
    if train and dice.random() < 0.1:
        said = [dice.randrange(2, len(tokens()) - 20) for _ in range(dice.randint(1, 20))]
        prompt = [number["<|startofprev|>"], *said]
    language = "<|yue|>" if train and dice.random() < 0.05 else "<|zh|>"
    start = [number["<|startoftranscript|>"], number[language], number["<|transcribe|>"]]
    timed = train and dice.random() < 0.5
    places = one["places"]
    begin = number["<|0.00|>"]
    if not timed:
        body = [number["<|notimestamps|>"], *text]
    elif text:
        body = [begin + int(places[0, 0]), *text, begin + int(places[-1, 1])]
    else:
        body = [begin]
    ids = prompt + start + body
    answers = [IGNORE] * len(prompt) + ids[len(prompt) + 1 :] + [number["<|endoftext|>"]]
    answers[len(prompt)] = number[language if text else "<|nospeech|>"]
    answers[len(prompt) + 1] = IGNORE
    if not timed:
        answers[len(prompt) + 2] = IGNORE
    first = len(prompt) + 3  # the answer at this index is the first character
    return ids, answers, [first + index for index in range(len(text))]


def collate(examples: list[Example], dice: random.Random, train: bool) -> Batch:
    """One batch; in training with masked bands and times, and some wrong words before."""
    longest = max(one["mel"].shape[1] for one in examples)
    longest += 8 + longest % 2
    mel = torch.zeros(len(examples), 80, longest)
    rows = [sequence(one, dice, train) for one in examples]
    width = max(len(ids) for ids, _, _ in rows)
    ids = torch.full((len(rows), width), numbers()["<|endoftext|>"])
    labels = torch.full((len(rows), width), IGNORE)
    look = torch.full((len(rows), width, 2), -1)
    syllables = torch.full((len(rows), longest // 2, 2), IGNORE)
    for row, (one, (given, answers, where)) in enumerate(zip(examples, rows, strict=True)):
        mel[row, :, : one["mel"].shape[1]] = (
            _masked(one["mel"].float(), dice) if train else one["mel"]
        )
        ids[row, : len(given)] = torch.tensor(given)
        labels[row, : len(answers)] = torch.tensor(answers)
        for index, (begin, end) in enumerate(one["places"].tolist()):
            look[row, where[index]] = torch.tensor((begin, end))
            if one["syllables"][index, 0] >= 0:
                syllables[row, begin:end] = one["syllables"][index].long()
            if train and dice.random() < 0.06 and where[index] + 1 < len(given):
                ids[row, where[index] + 1] = dice.randrange(8, len(tokens()) - 20)
    kinds = [one["kind"] for one in examples]
    return Batch(mel, ids, labels, look, syllables[..., 0], syllables[..., 1], kinds)


def _masked(mel: Tensor, dice: random.Random) -> Tensor:
    if dice.random() < 0.5:
        band, height = dice.randrange(72), dice.randint(1, 10)
        mel[band : band + height] = mel.mean()
    if dice.random() < 0.5 and mel.shape[1] > 60:
        begin = dice.randrange(mel.shape[1] - 20)
        mel[:, begin : begin + dice.randint(2, 8)] = mel.mean()
    return mel
