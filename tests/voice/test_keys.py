"""Keys of the phone."""

from voice.keys import LONGEST, Keypad


def test_zero_first_is_a_person_and_later_a_digit() -> None:
    keypad = Keypad()
    assert keypad.press("0", 0.0) == "0"
    assert keypad.press("1", 0.0) is None
    assert keypad.press("0", 0.1) is None
    assert keypad.press("#", 0.2) == "10"


def test_a_grade_is_one_key() -> None:
    keypad = Keypad(single=True)
    assert keypad.press("5", 0.0) == "5"
    assert keypad.press("0", 0.1) == "0"
    assert keypad.wait(9.0) is None


def test_a_pause_ends_a_number() -> None:
    keypad = Keypad(pause_seconds=2.0)
    keypad.press("7", 0.0)
    assert keypad.wait(1.9) is None
    assert keypad.wait(2.0) == "7"
    assert keypad.wait(9.0) is None


def test_nonsense_keys_and_endless_numbers_are_bounded() -> None:
    keypad = Keypad()
    assert keypad.press("#", 0.0) is None
    for _ in range(1000):
        keypad.press("5", 0.0)
    keypad.press("A", 0.0)
    assert keypad.press("#", 0.0) == "5" * LONGEST
