"""In which language a caller is heard and spoken to: by wish, or by what they speak. Pure."""

from dataclasses import dataclass

MANDARIN, CANTONESE = "zh", "yue"
VOICES = {MANDARIN: "mandarin", CANTONESE: "cantonese"}
ENOUGH_SECONDS = 1.0  # of voice; a shorter answer sounds alike in both
IN_A_ROW = 2  # utterances in the other language before we change


@dataclass
class Tongue:
    """One caller's."""

    language: str = MANDARIN
    _others: int = 0

    @property
    def voice(self) -> str:
        """Ours, in this language."""
        return VOICES.get(self.language, VOICES[MANDARIN])

    def choose(self, language: str) -> None:
        """The caller wishes it."""
        self.language, self._others = language, 0

    def follow(self, spoken: str, voiced_seconds: float) -> None:
        """``spoken``: what the recogniser took an utterance for."""
        if spoken not in VOICES or voiced_seconds < ENOUGH_SECONDS:
            return
        self._others = self._others + 1 if spoken != self.language else 0
        if self._others >= IN_A_ROW:
            self.choose(spoken)
