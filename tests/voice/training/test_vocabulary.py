"""The tokens, as faster-whisper and CTranslate2 want them."""

from voice.training.vocabulary import TIMESTAMPS, UNKNOWN, encode, numbers, tokenizer, tokens


def test_an_empty_first_token_says_multilingual() -> None:
    assert tokens()[0] == ""


def test_timestamps_follow_at_the_end() -> None:
    assert numbers()["<|0.00|>"] == numbers()["<|notimestamps|>"] + 1
    assert numbers()["<|30.00|>"] == len(tokens()) + len(TIMESTAMPS) - 1


def test_text_goes_there_and_back() -> None:
    made = tokenizer()
    text = "天河区A口幺三八"
    assert made.encode(text, add_special_tokens=False).ids == encode(text)
    assert made.decode(encode(text)) == text


def test_what_cannot_be_written_is_one_unknown_token() -> None:
    assert encode("☂") == [numbers()[UNKNOWN]]
    assert tokenizer().encode(" -", add_special_tokens=False).ids[-1] == numbers()[UNKNOWN]
