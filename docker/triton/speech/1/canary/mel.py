"""NeMo's front end (AudioToMelSpectrogramPreprocessor, as Canary has it).

Pre-emphasis, frames of 25 ms every 10 ms, 128 mel bands, logarithm, each band brought to mean 0 and
deviation 1 over the utterance. The same as inference/translate/mel.ts, pinned by the same numbers.
"""

from __future__ import annotations

import numpy as np

RATE = 16_000
MELS = 128
_FRAME, _WINDOW, _HOP = 512, 400, 160
_PREEMPHASIS = 0.97
# Added before the logarithm, and to the deviation.
_GUARD, _LEAST_DEVIATION = 2.0**-24, 1e-5


def at_least_a_second(audio: np.ndarray) -> np.ndarray:
    """NeMo brings shorter utterances to one second, by silence before and after."""
    missing = RATE - audio.size
    return audio if missing <= 0 else np.pad(audio, (missing // 2, missing - missing // 2))


def features(audio: np.ndarray) -> tuple[np.ndarray, int]:
    """Float32 [MELS, frames] of 16 kHz audio, and how many of the frames count."""
    bands = logarithms(audio)
    counted = audio.size // _HOP
    known = bands[:, :counted]
    mean = known.mean(axis=1, keepdims=True)
    deviation = known.std(axis=1, ddof=1, keepdims=True)
    normal = np.zeros_like(bands)
    normal[:, :counted] = (known - mean) / (deviation + _LEAST_DEVIATION)
    return normal.astype(np.float32), counted


def logarithms(audio: np.ndarray) -> np.ndarray:
    """Of the bands' power, before they are brought to one level: float64 [MELS, frames]."""
    samples = audio.astype(np.float64)
    samples[1:] -= _PREEMPHASIS * samples[:-1].copy()
    # Frames are centred on their time.
    padded = np.pad(samples, _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * HANN, axis=1)) ** 2
    return np.log(FILTERS @ power.T + _GUARD)


def _hann() -> np.ndarray:
    """Symmetric, in the middle of a frame."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / (_WINDOW - 1))
    return np.pad(window, (_FRAME - _WINDOW) // 2)


def _mel_of(hertz: float) -> float:
    """Slaney's scale: straight below 1 kHz, logarithmic above."""
    return 3 * hertz / 200 if hertz < 1000 else 15 + 27 * np.log(hertz / 1000) / np.log(6.4)


def _hertz_of(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, 200 * mel / 3, 1000 * 6.4 ** ((mel - 15) / 27))


def _filters() -> np.ndarray:
    """Triangles even in mel, each with an area of one hertz: [MELS, bins]."""
    points = _hertz_of(np.arange(MELS + 2) * _mel_of(RATE / 2) / (MELS + 1))
    low, peak, high = points[:-2, None], points[1:-1, None], points[2:, None]
    bins = np.arange(_FRAME // 2 + 1) * RATE / _FRAME
    heights = np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))
    return np.maximum(0, heights) * 2 / (high - low)


HANN = _hann()
FILTERS = _filters()
