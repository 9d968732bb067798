"""From utterances to tensors: what the decoder is given, should say, and should look at."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from voice.training.features import Example
from voice.training.vocabulary import encode, numbers, tokens

IGNORE = -100
FRAMES = 8_000  # of 10 ms, in a batch
LENGTHS = 60  # frames by which the lengths of batches differ: 10 positions of every third


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
    """Utterances of like length together, in random order; the odd ones at the end of a length
    are left for another time. All batches of a length are of one shape: the matrix library
    prepares itself anew for every shape that it has not seen, which costs more than the work."""
    lengths: dict[int, list[Example]] = {}
    for one in examples:
        lengths.setdefault(padded(one), []).append(one)
    made: list[list[Example]] = []
    for length, group in lengths.items():
        dice.shuffle(group)
        size = max(frames // length // 4 * 4, 4)
        whole = [group[begin : begin + size] for begin in range(0, len(group) - size + 1, size)]
        made += whole or [group]
    dice.shuffle(made)
    yield from made


def padded(one: Example) -> int:
    """Frames of an utterance in its batch, some silence at the end included."""
    return math.ceil((one["mel"].shape[1] + 4) / LENGTHS) * LENGTHS


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
    longest = max(map(padded, examples))
    mel = torch.zeros(len(examples), 80, longest)
    rows = [sequence(one, dice, train) for one in examples]
    width = math.ceil(max(len(ids) for ids, _, _ in rows) / 8) * 8
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
