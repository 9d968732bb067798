"""Calls held by pipecat, in its own environment: ``python holds.py FOLDER MODEL CALLS STOP``.

``FOLDER`` holds the callers' utterances (8 kHz wav, call by call) and ``answer.wav``. For each call
a pipeline as pipecat's documentation builds it: transport, silero, faster-whisper, an answer that
takes no time, transport. Prints JSON: ``sounds``, for each utterance that was answered the
milliseconds from the caller's last sound to the answer's first, and ``processor``, its seconds that
a second of a call took once everything was loaded.
"""

import asyncio
import json
import sys
import time
import wave
from pathlib import Path

import numpy as np
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    OutputAudioRawFrame,
    StartFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transcriptions.language import Language
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.workers.runner import WorkerRunner

RATE = 8000
FRAME = 160
LOUD = 500
ANSWER_SECONDS = 12.0
QUIET_SECONDS = 1.0

logger.remove()


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


class Ear(BaseInputTransport):
    """The caller's line: what is pushed comes in."""

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)


class Mouth(BaseOutputTransport):
    """Notes when sound goes out, at the pace of a line."""

    def __init__(self, params: TransportParams) -> None:
        super().__init__(params)
        self.sounded_at: float | None = None
        self.last_at = 0.0
        self._due = 0.0

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        now = time.monotonic()
        if np.abs(np.frombuffer(frame.audio, "<i2").astype(int)).max(initial=0) > LOUD:
            self.sounded_at, self.last_at = self.sounded_at or now, now
        self._due = max(self._due, now) + len(frame.audio) / 2 / RATE
        await asyncio.sleep(max(0.0, self._due - now - 0.04))
        return True


class Answer(FrameProcessor):
    """A dialogue that takes no time and has its voice ready."""

    def __init__(self, sound: bytes) -> None:
        super().__init__()
        self._sound = sound

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            await self.push_frame(TTSStartedFrame())
            await self.push_frame(TTSAudioRawFrame(self._sound, RATE, 1))
            await self.push_frame(TTSStoppedFrame())
            return
        await self.push_frame(frame, direction)


async def hold(
    number: int,
    said: list[np.ndarray],
    answer: bytes,
    model: str,
    stop: float,
    ready: asyncio.Barrier,
) -> tuple[list[float], float]:
    params = TransportParams(
        audio_in_enabled=True, audio_out_enabled=True,
        audio_in_sample_rate=RATE, audio_out_sample_rate=RATE, audio_out_10ms_chunks=2,
    )  # fmt: skip
    ear, mouth = Ear(params), Mouth(params)
    whisper = WhisperSTTService(
        device="cpu", compute_type="int8",
        settings=WhisperSTTService.Settings(model=model, language=Language.ZH),
    )  # fmt: skip
    vad = VADProcessor(vad_analyzer=SileroVADAnalyzer(params=VADParams(stop_secs=stop)))
    pipeline = Pipeline([ear, vad, whisper, Answer(answer), mouth])
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE),
        enable_rtvi=False,
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.ensure_future(runner.run())
    await asyncio.sleep(1.5)
    await ready.wait()
    await asyncio.sleep(number * 0.37)
    begun = time.monotonic()
    found = [await one(ear, mouth, sound) for sound in said]
    length = time.monotonic() - begun
    await worker.queue_frame(EndFrame())
    await asyncio.wait([running], timeout=10)
    return [milliseconds for milliseconds in found if milliseconds is not None], length


async def one(ear: Ear, mouth: Mouth, sound: np.ndarray) -> float | None:
    """One utterance in real time, silence after it until it is answered and all is said.

    It begins when nothing sounds any more, and what sounds before its end is no answer to it.
    """
    while time.monotonic() - mouth.last_at < QUIET_SECONDS:
        await ear.push_audio_frame(InputAudioRawFrame(bytes(2 * FRAME), RATE, 1))
        await asyncio.sleep(FRAME / RATE)
    last = int(np.flatnonzero(np.abs(sound.astype(int)) > LOUD)[-1])
    begun, at, ended = time.monotonic(), 0, None
    while True:
        piece = sound[at : at + FRAME]
        frame = np.pad(piece, (0, FRAME - len(piece))).tobytes()
        await ear.push_audio_frame(InputAudioRawFrame(frame, RATE, 1))
        at += FRAME
        if ended is None and at > last:
            ended, mouth.sounded_at = time.monotonic(), None
        now = time.monotonic()
        if ended and mouth.sounded_at and now - mouth.sounded_at > 2.5:
            return (mouth.sounded_at - ended) * 1000
        if ended and now - ended > ANSWER_SECONDS:
            return None
        await asyncio.sleep(max(0.0, begun + at / RATE - now))


async def main(folder: Path, model: str, calls: int, stop: float) -> None:
    answer = read(folder / "answer.wav").tobytes()
    said = [[read(p) for p in sorted(folder.glob(f"{n:03}-*.wav"))] for n in range(calls)]
    ready = asyncio.Barrier(calls + 1)

    async def processor() -> float:
        await ready.wait()
        return time.process_time()

    begun, *held = await asyncio.gather(
        processor(), *(hold(n, sounds, answer, model, stop, ready) for n, sounds in enumerate(said))
    )
    used = time.process_time() - begun
    sounds = [milliseconds for found, _ in held for milliseconds in found]
    print(json.dumps({"sounds": sounds, "processor": used / sum(length for _, length in held)}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
