"""``python -m voice.training``: make the demonstration model again, or measure the one there is.

python -m voice.training speak  --shards 24          sentences and their speech, on disk
python -m voice.training train  --minutes 60         the network; export with `export`
python -m voice.training export                      into voice/model
python -m voice.training measure [--development DIR] the figures of voice/model/README.md
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".hotline" / "training"
MODEL = ROOT / "voice" / "model"


def main() -> None:
    parser = argparse.ArgumentParser("voice.training", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--work", type=Path, default=WORK, help="folder of shards and weights")
    steps = parser.add_subparsers(required=True)

    step = steps.add_parser("speak", help="make sentences and their speech")
    step.add_argument("--shards", type=int, default=24, help="of --size utterances each")
    step.add_argument("--first", type=int, default=1, help="seed of the first shard")
    step.add_argument("--size", type=int, default=2000)
    step.add_argument("--mix", choices=("broad", "calls"), default="broad")
    step.set_defaults(run=_speak)

    step = steps.add_parser("train", help="train the network by the clock")
    step.add_argument("--minutes", type=float, default=60)
    step.add_argument("--rate", type=float, help="highest learning rate")
    step.add_argument("--mix", choices=("broad", "calls"), default="broad")
    step.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    step.add_argument("--workers", type=int, default=2, help="processes; threads are shared out")
    step.add_argument("--resume", action="store_true", help="go on from the kept weights")
    step.set_defaults(run=_train)

    step = steps.add_parser("export", help="write the model that faster-whisper loads")
    step.add_argument("--model", type=Path, default=MODEL)
    step.set_defaults(run=_export)

    step = steps.add_parser("measure", help="character error rates on what it never met")
    step.add_argument("--model", type=Path, default=MODEL)
    step.add_argument("--count", type=int, default=100, help="sentences of each kind")
    step.add_argument("--beam", type=int, default=5)
    step.add_argument("--development", type=Path, default=os.environ.get("HOTLINE_DEV_DATA"))
    step.set_defaults(run=_measure)

    args = parser.parse_args()
    args.run(args)


def _speak(args: argparse.Namespace) -> None:
    import torch

    from voice.training.features import write
    from voice.training.processes import apart

    torch.set_num_threads(1)
    folder = args.work / "shards" / args.mix
    seeds = range(args.first, args.first + args.shards)
    lost = apart(lambda seed: print(write(folder, seed, args.size, args.mix), flush=True), seeds)
    if lost:
        print(f"lost, for the voice crashed: {lost}")


def _train(args: argparse.Namespace) -> None:
    from voice.training.plan import further, new
    from voice.training.workers import train

    plan = (further if args.resume else new)(args.minutes, args.rate)
    train(plan, args.work, args.mix, args.workers, args.threads)


def _export(args: argparse.Namespace) -> None:
    from voice.training.export import export

    export(args.work / "weights.pt", args.model)


def _measure(args: argparse.Namespace) -> None:
    from faster_whisper import WhisperModel, decode_audio

    from voice.training.evaluate import citizens, recordings, score, synthetic

    model: Any = WhisperModel(str(args.model), device="cpu", compute_type="int8")
    pairs = synthetic(args.count)
    if args.development:
        pairs += citizens(Path(args.development), args.count)
    options = {"beam_size": args.beam, "without_timestamps": True, "temperature": 0.0}
    for name, clips in zip(("clean", "telephone"), zip(*pairs, strict=True), strict=True):
        for kind, found in score(model, clips, **options).items():
            print(json.dumps({"sound": name, "kind": kind, **found}))
    if args.development:
        real = recordings(Path(args.development), decode_audio)
        for kind, found in score(model, real, **options).items():
            print(json.dumps({"sound": "real people", "kind": kind, **found}))


if __name__ == "__main__":
    main()
