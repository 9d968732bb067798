"""A recogniser elsewhere, by URL, with OpenAI's transcription API (ours speaks it too)."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence

from bot.rules.errors import Unavailable
from voice.audio import Floats, to_samples
from voice.recordings import wav
from voice.stt import Guess, Model

_DEADLINE_SECONDS = 8.0
_SURE = 0.9  # for servers that do not tell how sure they are


class RemoteRecognizer:
    """``url``: the API's base, as in ``http://host:8000/v1``; ``name``: the model asked for."""

    def __init__(self, url: str, name: str, key: str = "") -> None:
        self.model = Model(name or "remote", url, demonstration=False, elsewhere=True)
        self._url = f"{url.rstrip('/')}/audio/transcriptions"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def transcribe(
        self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
    ) -> list[Guess]:
        """One request a sound. Raises `Unavailable`; a refused sound is one without words."""
        fields = {"language": language, "model": self.model.name, "response_format": "json"}
        if hot_words:
            fields["prompt"] = hot_words
        return [self._one(wav(to_samples(sound)), fields) for sound in sounds]

    def _one(self, sound: bytes, fields: dict[str, str]) -> Guess:
        boundary = uuid.uuid4().hex
        name = 'Content-Disposition: form-data; name="{}"'
        parts = [f"--{boundary}\r\n{name.format(k)}\r\n\r\n{v}\r\n" for k, v in fields.items()]
        body = "".join(parts).encode()
        head = 'form-data; name="file"; filename="speech.wav"\r\nContent-Type: audio/wav'
        body += f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode() + sound
        request = urllib.request.Request(
            self._url,
            body + f"\r\n--{boundary}--\r\n".encode(),
            {**self._headers, "Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_DEADLINE_SECONDS) as answer:
                said = json.loads(answer.read())
            return Guess(str(said["text"]).strip(), float(said.get("confidence", _SURE)), 0.0)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return Guess("", 0.0, 1.0)
            raise Unavailable(f"the remote recogniser answered {error.code}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"the remote recogniser: {type(error).__name__}") from error
