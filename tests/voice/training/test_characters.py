"""Which characters the model can write."""

from voice.training.characters import (
    HAN,
    alphabet,
    dictionary,
    level_one,
    level_two,
    material,
    taught,
)


def test_the_first_level_of_the_standard_is_whole() -> None:
    assert len(level_one()) == 3755
    assert len(level_two()) == 3008
    assert len(set(alphabet())) == len(alphabet())


def test_the_product_can_be_written() -> None:
    """All of simplified Mandarin; of Cantonese and traditional characters, what is listed."""
    known, standard = set(alphabet()), set(level_one()) | set(level_two())
    used = "".join("".join(HAN.findall(path.read_text("utf-8"))) for path in material())
    assert standard <= known
    assert sum(character not in known for character in used) <= len(used) // 1000


def test_random_words_are_simplified() -> None:
    assert len(dictionary()) > 100_000
    assert not set("們這個冇嘅") & taught()
