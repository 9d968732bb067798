"""Training on a CPU, by the clock: the learning rate falls to nothing as the minutes run out."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.distributed
import torch.nn.functional as F
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor

from voice.training.batches import IGNORE, Batch, batches, collate
from voice.training.features import Example
from voice.training.network import POSITIONS, Heard, Network, config
from voice.training.plan import Plan

POOL = 4000  # utterances drawn at a time
AVERAGED = 1 / 250  # the kept weights are a running average over about so many steps
WEIGHTS = {"token": 1.0, "frame": 0.5, "look": 0.3}
TOGETHER = 8  # steps between two meetings of the workers
SAMPLED = 24  # positions of the padding that are computed
WINDOWS = (0, 400, 500, 750, POSITIONS)  # positions of the window, drawn for every batch


class Masters:
    """Weights in full precision behind a network that works in bfloat16."""

    def __init__(self, network: Network, rate: float) -> None:
        self.together = torch.distributed.is_initialized()
        self.working = [weight for weight in network.parameters() if weight.requires_grad]
        self.full = [weight.detach().float().clone() for weight in self.working]
        self.average = [weight.clone() for weight in self.full]
        self.steps = 0
        decay = [weight for weight in self.full if weight.ndim > 1]
        rest = [weight for weight in self.full if weight.ndim <= 1]
        groups = [{"params": decay, "weight_decay": 0.02}, {"params": rest, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)

    def step(self, rate: float, done: bool) -> bool:
        """One step at this learning rate; whether it was the last, as all workers agree."""
        for full, working in zip(self.full, self.working, strict=True):
            full.grad = torch.zeros_like(full) if working.grad is None else working.grad.float()
            working.grad = None
        torch.nn.utils.clip_grad_norm_(self.full, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.steps += 1
        if self.together:
            done = self.steps % TOGETHER == 0 and self._meet(done)
        share = max(1 / self.steps, AVERAGED)
        with torch.no_grad():
            for full, working, average in zip(self.full, self.working, self.average, strict=True):
                working.copy_(full)
                average.lerp_(full, share)
        return done

    def _meet(self, done: bool) -> bool:
        """Every worker goes on from the mean of all; whether one of them is done."""
        flat = torch.cat([full.flatten() for full in self.full] + [torch.tensor([float(done)])])
        torch.distributed.all_reduce(flat)
        flat /= torch.distributed.get_world_size()
        sizes = [full.numel() for full in self.full]
        for full, part in zip(self.full, flat[:-1].split(sizes), strict=True):
            full.copy_(part.view_as(full))
        return bool(flat[-1] > 0)


def losses(
    network: Network,
    batch: Batch,
    window: int,
    sampled: int,
    stride: int = 1,
    listen_only: bool = False,
) -> dict[str, Tensor]:
    """The three lessons: the next token, the syllable at each position, where to look."""
    heard = network.encode(batch.mel.to(torch.bfloat16), window, sampled, stride)
    frame = _frame(network, batch, heard)
    if listen_only:
        return {"frame": frame}
    states, looks, embedding = network.decode(batch.ids, heard)
    states, labels = _rounded(states, batch.labels, 64)
    scores = F.linear(states, embedding).float()
    token = F.cross_entropy(scores, labels, label_smoothing=0.03, ignore_index=IGNORE)
    sample = slice(0, 64)
    right = scores[sample].argmax(-1) == labels[sample]
    return {
        "token": token,
        "frame": frame,
        "look": _astray(looks, batch.look, heard.places),
        "right": right.float().mean().detach(),
    }


def _frame(network: Network, batch: Batch, heard: Heard) -> Tensor:
    """How badly the syllable is known at each position by what the encoder says of it."""
    places = heard.places[: heard.length]
    initials, finals = batch.initials[:, places], batch.finals[:, places]
    if (initials == IGNORE).all():
        return torch.zeros(())
    initial, final = network.syllable(heard.states[:, : heard.length].flatten(0, 1))
    loss = F.cross_entropy(initial.float(), initials.flatten(), ignore_index=IGNORE)
    return loss + F.cross_entropy(final.float(), finals.flatten(), ignore_index=IGNORE)


def _rounded(states: Tensor, labels: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """The states that have a label, and their labels, filled up to a multiple of ``size``."""
    known = torch.nonzero(labels.flatten() != IGNORE).squeeze(1)
    missing = -len(known) % size
    index = F.pad(known, (0, missing))
    labels = F.pad(labels.flatten()[known], (0, missing), value=IGNORE)
    return states.flatten(0, 1)[index], labels


def _astray(looks: list[Tensor], look: Tensor, places: Tensor) -> Tensor:
    """How far the heads look away from where they should: the first one at the character
    before, all others at the one to be written."""
    before = look.roll(1, 1)
    before[:, 0] = -1
    total = _missed(looks[0][:, :1], before, places) + _missed(looks[0][:, 1:], look, places)
    for weights in looks[1:]:
        total = total + _missed(weights, look, places)
    return total / (len(looks) + 1)


def _missed(weights: Tensor, look: Tensor, places: Tensor) -> Tensor:
    rows, columns = torch.nonzero(look[..., 0] >= 0, as_tuple=True)
    if not len(rows):
        return torch.zeros(())
    begin, end = look[rows, columns].unbind(-1)
    chosen = weights[rows, :, columns]  # [characters, heads, positions]
    inside = (places >= begin[:, None]) & (places <= end[:, None])
    mass = (chosen * inside[:, None]).sum(-1)
    return -(mass + 1e-4).log().mean()


class Trainer:
    """Reads shards as they come, trains until the time is up, and keeps what it has on disk."""

    def __init__(self, plan: Plan, shards: Path, kept: Path) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.shards, self.kept = plan, shards, kept
        self.dice = random.Random(1000 * plan.seed + plan.worker)
        shape = config(plan.width, plan.encoder_layers, plan.decoder_layers)
        self.network = Network(shape)
        self.network.whisper.model.encoder.embed_positions.requires_grad_(False)
        self.masters = Masters(self.network, plan.rate)
        self.network.bfloat16()
        self.loaded: dict[Path, list[Example]] = {}
        self.step = 0

    def resume(self, path: Path) -> None:
        """Go on from kept weights."""
        self.network.load_state_dict(torch.load(path))
        self.network.bfloat16()
        for full, working in zip(self.masters.full, self.masters.working, strict=True):
            full.copy_(working.float())
        for full, average in zip(self.masters.full, self.masters.average, strict=True):
            average.copy_(full)

    def run(self) -> None:
        self.begun = saved = time.monotonic()
        meter: dict[str, float] = defaultdict(float)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), refresh_per_second=1) as bar:
            task = bar.add_task("training", total=self.plan.minutes * 60)
            for batch, window, sampled in self._lessons():
                share = self.elapsed / (self.plan.minutes * 60)
                stride, alone = self.plan.stride(share), self.plan.alone(share)
                found = losses(self.network, batch, window, sampled, stride, alone)
                sum(WEIGHTS[name] * found[name] for name in found.keys() & WEIGHTS).backward()
                last = self.masters.step(self.plan.rate_at(self.step, share), share > 1)
                self.step += 1
                for name, value in found.items():
                    meter[name] = 0.9 * meter[name] + 0.1 * float(value)
                told = " ".join(f"{name} {value:.3f}" for name, value in meter.items())
                bar.update(task, completed=self.elapsed, description=f"step {self.step} {told}")
                if self.step % 50 == 0:
                    bar.console.print(f"{self.elapsed:.0f} s step {self.step} {told}")
                if time.monotonic() - saved > 180:
                    self.save()
                    saved = time.monotonic()
                if last:
                    break
        self.save()

    @property
    def elapsed(self) -> float:
        """Seconds since the training began."""
        return time.monotonic() - self.begun

    def save(self) -> None:
        """The averaged weights in full precision, whole or not at all."""
        if self.plan.worker:
            return
        state = {name: value.float() for name, value in self.network.state_dict().items()}
        names = [name for name, weight in self.network.named_parameters() if weight.requires_grad]
        state |= dict(zip(names, self.masters.average, strict=True))
        state["whisper.proj_out.weight"] = state["whisper.model.decoder.embed_tokens.weight"]
        torch.save(state, self.kept.with_suffix(".part"))
        self.kept.with_suffix(".part").rename(self.kept)

    def _lessons(self) -> Iterator[tuple[Batch, int, int]]:
        """Endless batches, each with its window and how much of the padding is computed."""
        while True:
            self._load()
            pool = [one for examples in self.loaded.values() for one in examples]
            pool = self.dice.sample(pool, min(POOL, len(pool)))
            for group in batches(pool, self.dice):
                if self.plan.last(self.elapsed):
                    for begin in range(0, len(group), 16):
                        yield (
                            collate(group[begin : begin + 16], self.dice, True),
                            POSITIONS,
                            POSITIONS,
                        )
                else:
                    window = self.dice.choice(WINDOWS)
                    yield collate(group, self.dice, True), window, SAMPLED

    def _load(self) -> None:
        for path in sorted(self.shards.glob("*.pt")):
            if path not in self.loaded:
                self.loaded[path] = torch.load(path)
