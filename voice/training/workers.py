"""The training's workers: processes on one machine that meet every few steps."""

from dataclasses import replace
from pathlib import Path

import torch
import torch.distributed

from voice.training.plan import Plan
from voice.training.train import Trainer


def train(plan: Plan, folder: Path, mix: str, workers: int, threads: int) -> None:
    """Train on the shards of ``mix`` in ``folder`` and keep the weights there (``weights.pt``)."""
    (folder / "meeting").unlink(missing_ok=True)
    each = max(threads // workers, 1)
    torch.multiprocessing.spawn(_work, (plan, folder, mix, workers, each), nprocs=workers)


def _work(rank: int, plan: Plan, folder: Path, mix: str, workers: int, threads: int) -> None:
    torch.set_num_threads(threads)
    meeting = f"file://{(folder / 'meeting').resolve()}"
    torch.distributed.init_process_group("gloo", meeting, rank=rank, world_size=workers)
    weights = folder / "weights.pt"
    trainer = Trainer(replace(plan, worker=rank), folder / "shards" / mix, weights)
    if plan.resumed:
        trainer.resume(weights)
    trainer.run()
