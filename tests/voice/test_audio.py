"""Rates, G.711, levels."""

import numpy as np
import pytest

from voice import audio


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> audio.Samples:
    t = np.arange(int(rate * seconds)) / rate
    return (10_000 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def test_frames_of_a_stream_give_the_same_sound_as_the_whole() -> None:
    sound = tone(8000)
    stream = audio.Resampler(8000, 16_000)
    pieces = [stream.convert(sound[i : i + 160]) for i in range(0, len(sound), 160)]
    pieces.append(stream.convert(np.zeros(0, np.int16), last=True))
    whole = audio.resample(sound, 8000, 16_000)
    assert len(whole) == 16_000
    joined = np.concatenate(pieces)
    assert np.abs(joined.astype(int) - whole.astype(int)).max() <= 3  # dither


def test_a_tone_stays_the_tone_it_was() -> None:
    up = audio.resample(tone(8000), 8000, 16_000)
    spectrum = np.abs(np.fft.rfft(up.astype(float)))
    assert int(spectrum.argmax()) == 440
    assert spectrum[4000:].max() < spectrum.max() / 1000  # no mirror image above 4 kHz


@pytest.mark.parametrize("law", ["ulaw", "alaw"])
def test_g711_there_and_back(law: audio.Law) -> None:
    sound = tone(8000)
    back = audio.from_bytes(audio.from_law(audio.to_law(audio.to_bytes(sound), law), law))
    error = back.astype(float) - sound
    assert 10 * np.log10(np.mean(sound.astype(float) ** 2) / np.mean(error**2)) > 35


def test_half_a_sample_at_the_end_is_dropped() -> None:
    assert list(audio.from_bytes(b"\x01\x00\x02\x00\x03")) == [1, 2]
    assert len(audio.from_bytes(b"\x01")) == 0


def test_level_is_matched_without_clipping() -> None:
    quiet = (tone(16_000) // 50).astype(np.int16)
    assert audio.level(audio.match_level(quiet, -20.0, most=60.0)) == pytest.approx(-20, abs=1.5)
    loud = audio.match_level(tone(16_000), 0.0, most=60.0)
    assert 0.9 * 32768 < np.abs(loud.astype(int)).max() < 32768
    assert not audio.match_level(np.zeros(100, np.int16)).any()


def test_the_peak_is_the_largest_amplitude_of_either_sign() -> None:
    assert audio.peak(np.array([3, -5, 4], np.int16)) == 5
    assert audio.peak(np.array([-32768], np.int16)) == 32768
    assert audio.peak(np.zeros(0, np.int16)) == 0


def test_amplify_clips_at_full_scale() -> None:
    assert audio.amplify(np.array([20_000, -20_000], np.int16), 12.0).tolist() == [32767, -32768]


@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_the_ear_s_doubler_keeps_the_tone_without_an_image_and_without_delay(hertz: int) -> None:
    sound, doubler = tone(8000, hertz=hertz), audio.Doubler()
    pieces = [doubler.convert(sound[at : at + 256]) for at in range(0, len(sound) - 255, 256)]
    assert {len(piece) for piece in pieces} == {512}  # nothing is held back
    up = np.concatenate(pieces)[1000:15_000].astype(float)
    spectrum = np.abs(np.fft.rfft(up * np.hanning(len(up))))
    at = np.arange(len(spectrum)) * 16_000 / len(up)
    assert abs(at[spectrum.argmax()] - hertz) < 2
    assert spectrum[at > 4500].max() < spectrum.max() / 1000
    late = 2 * 16  # samples: half the filter
    straight = audio.resample(sound, 8000, 16_000)[1000 - late : 15_000 - late]
    assert np.abs(up - straight).max() < 40


@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_halving_gives_half_of_every_frame_and_keeps_the_tone(hertz: int) -> None:
    sound, halver = tone(16_000, hertz=hertz), audio.Halver()
    pieces = [halver.convert(sound[at : at + 320]) for at in range(0, len(sound) - 319, 320)]
    assert {len(piece) for piece in pieces} == {160}
    down = np.concatenate(pieces)[500:7500].astype(float)
    spectrum = np.abs(np.fft.rfft(down * np.hanning(len(down))))
    assert abs(spectrum.argmax() * 8000 / len(down) - hertz) < 2
    assert abs(audio.level(down.astype(np.int16)) - audio.level(sound)) < 0.5


@pytest.mark.parametrize("hertz", [5000, 6000, 7500])
def test_halving_takes_out_what_eight_kilohertz_cannot_hold(hertz: int) -> None:
    sound, halver = tone(16_000, hertz=hertz), audio.Halver()
    assert audio.level(halver.convert(sound)[200:]) < audio.level(sound) - 50
