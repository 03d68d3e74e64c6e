"""How high a voice is."""

from __future__ import annotations

import torch

# Hz. Men's voices are mostly below it, women's mostly above.
HIGH_FROM_HZ = 165

_RATE = 8_000
_LOWEST_HZ, _HIGHEST_HZ = 60, 400
_FRAME, _HOP = 512, 256
# Frames with less energy than this part of the loudest's are pauses and consonants.
_LOUD = 0.1
# Correlation with itself a period later, over its energy, from which a frame is voiced.
_VOICED = 0.5
# From this part of the highest peak on, a peak is as good: of a period's multiples the first counts.
_AS_GOOD = 0.9


def median_pitch(audio: torch.Tensor, rate: int) -> float | None:
    """Hz over the voiced frames, by autocorrelation; None where there are none.

    `audio` is flat, of a rate that is a multiple of 8000 Hz.
    """
    step = rate // _RATE
    short = audio[: audio.numel() // step * step].reshape(-1, step).mean(1)
    if short.numel() < _FRAME:
        return None
    frames = short.unfold(0, _FRAME, _HOP)
    frames = frames - frames.mean(1, keepdim=True)
    spectrum = torch.fft.rfft(frames, 2 * _FRAME)
    correlation = torch.fft.irfft(spectrum.abs() ** 2, 2 * _FRAME)[:, :_FRAME]
    energy = correlation[:, 0]
    # A frame overlaps less with itself the later.
    lags = torch.arange(_RATE // _HIGHEST_HZ, _RATE // _LOWEST_HZ)
    overlap = (_FRAME - lags) / _FRAME
    likeness = correlation[:, lags] / overlap / energy.clamp_min(1e-9).unsqueeze(1)
    best = likeness.max(1).values
    voiced = (energy > _LOUD * energy.max()) & (best > _VOICED)
    if not bool(voiced.any()):
        return None
    peaks = likeness[voiced] >= _AS_GOOD * best[voiced].unsqueeze(1)
    first = peaks.to(torch.int8).argmax(1)
    # From the first lag that is good enough to the top of its peak.
    periods = []
    for row, start in zip(likeness[voiced], first.tolist()):
        while start + 1 < len(lags) and row[start + 1] > row[start]:
            start += 1
        periods.append(int(lags[start]))
    return _RATE / float(torch.tensor(periods).median())
