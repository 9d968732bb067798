"""The local voice in a process of its own: espeak-ng's library is under the GPL-3.

One JSON line in (``text``, ``voice``, ``speed``), one JSON line out (``bytes`` or ``error``)
and that many bytes of s16 at 16 kHz; a line before all others says that it is ready. Ends with
its standard input.
"""

import json
import signal
import sys

from bot.rules.errors import HotlineError
from voice.audio import MODEL_RATE, match_level, resample, to_bytes
from voice.espeak import synthesize
from voice.spelling import spell

_WORDS_PER_MINUTE = 190


def speak(text: str, voice: str, speed: float) -> bytes:
    """s16 at 16 kHz, at the level of a phone."""
    rate = min(max(round(_WORDS_PER_MINUTE * speed), 80), 450)
    speech = synthesize(spell(text), voice, rate=rate)
    return to_bytes(match_level(resample(speech.samples, speech.rate, MODEL_RATE)))


def main() -> None:
    """Answer lines until there are no more; an interrupt is for the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    speak("12345", "cmn", 1.0)  # all is loaded before the first is waited for
    sys.stdout.buffer.write(b'{"bytes": 0}\n')
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        data = b""
        try:
            asked = json.loads(line)
            data = speak(asked["text"], asked["voice"], asked["speed"])
            head: dict[str, object] = {"bytes": len(data)}
        except (HotlineError, ValueError, KeyError) as error:
            head = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
