"""A package of Silero's, as torch.package writes them: versions 3, 4 and 5 of their voices."""

from __future__ import annotations

import hashlib
from array import array
from typing import Any, BinaryIO

import torch
from torch.package import PackageImporter

from pitch import median_pitch
from synthesis import SAMPLE_RATE, NothingToSay, TooLong


class SileroPackage:
    """One that was loaded. Its model has `speakers` and `apply_tts`, and is no torch.nn.Module."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.speakers = [str(speaker) for speaker in model.speakers]

    @staticmethod
    def load(file: str, sha256: str) -> SileroPackage:
        """Loading runs code from the file: it happens only if the contents are those expected.

        Both go through one open file, which stays open for what the package loads later: another
        file that takes its name meanwhile changes nothing. Raises ValueError, and whatever a broken
        package raises.
        """
        opened = open(file, "rb")
        found = _sha256(opened)
        if found != sha256.lower():
            opened.close()
            raise ValueError(
                f"its SHA-256 is {found}, and {sha256} is expected; it was not loaded. "
                "Pull the model again, or find out who changed it"
            )
        model = PackageImporter(opened).load_pickle("tts_models", "model")
        model.to(torch.device("cpu"))
        return SileroPackage(model)

    def say(self, text: str, speaker: str) -> array[float]:
        return array("f", self._spoken(text, speaker).tolist())

    def pitch(self, text: str, speaker: str) -> float | None:
        """Hz; None where nothing of it is voiced."""
        return median_pitch(self._spoken(text, speaker), SAMPLE_RATE)

    def _spoken(self, text: str, speaker: str) -> torch.Tensor:
        """All three versions take these arguments and set the others well by themselves: stresses,
        the letter ё and words that are written alike are seen to."""
        try:
            spoken = self._model.apply_tts(text=text, speaker=speaker, sample_rate=SAMPLE_RATE)
        except ValueError as error:
            # Raised without words where no letter of the text is the model's.
            if error.args:
                raise
            raise NothingToSay from None
        except Exception as error:
            # A bare Exception; its words are all that tells it from others.
            if "too long" in str(error):
                raise TooLong from None
            raise
        audio = spoken.detach().to("cpu", torch.float32).flatten()
        if not bool(torch.isfinite(audio).all()):
            raise ArithmeticError("the model's sound is not made of numbers")
        return audio.clamp(-1, 1)


def _sha256(opened: BinaryIO) -> str:
    """Leaves the file at its start."""
    hash = hashlib.sha256()
    while piece := opened.read(1 << 20):
        hash.update(piece)
    opened.seek(0)
    return hash.hexdigest()
