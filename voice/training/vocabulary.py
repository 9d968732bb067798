"""The model's tokens: one a character, then Whisper's own in Whisper's order."""

from functools import cache

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

from voice.training.characters import alphabet

UNKNOWN = "<|unknown|>"
PUNCTUATION = " ,。,?!、"  # only ever in a prompt, never in a transcript
LANGUAGES = ("zh", "yue", "en")
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TIMESTAMPS = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))


@cache
def tokens() -> tuple[str, ...]:
    """All tokens before the timestamps. The empty first one tells CTranslate2: multilingual."""
    return ("", UNKNOWN, *dict.fromkeys(PUNCTUATION), *alphabet(), *SPECIAL)


@cache
def numbers() -> dict[str, int]:
    """The number of every token, timestamps too."""
    return {token: number for number, token in enumerate((*tokens(), *TIMESTAMPS))}


def encode(text: str) -> list[int]:
    """The tokens of a transcript."""
    return [numbers().get(character, numbers()[UNKNOWN]) for character in text]


def tokenizer() -> Tokenizer:
    """The same as a `tokenizers.Tokenizer`, which faster-whisper reads."""
    made = Tokenizer(models.WordLevel(numbers(), unk_token=UNKNOWN))
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    made.decoder = decoders.Fuse()
    made.add_special_tokens([*SPECIAL, *TIMESTAMPS])
    return made
