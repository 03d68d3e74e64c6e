"""From files to voices."""

from __future__ import annotations

import os
from typing import Any

import torch

from languages import LANGUAGES, speakers_of
from package import SileroPackage
from pitch import HIGH_FROM_HZ
from synthesis import Tongue, Voices

# Speakers of a language that are tried and used: more people than speak in one meeting. The English
# package has 118.
MOST_SPEAKERS = 24
# More than these make one text hardly quicker, and are missed elsewhere.
MOST_THREADS = 4


class Refusal(Exception):
    """Why the models cannot be used, for whoever runs the server."""


def load(models: list[dict[str, Any]]) -> Voices:
    """Loads each `file` if its contents are those of `sha256`, and tries its voices in `languages`."""
    torch.set_num_threads(min(MOST_THREADS, os.cpu_count() or 1))
    torch.set_grad_enabled(False)
    tongues: dict[str, Tongue] = {}
    for model in models:
        try:
            package = SileroPackage.load(model["file"], model["sha256"])
            for language in model["languages"]:
                # Of two models that speak a language, the first that was named.
                if language not in tongues:
                    tongues[language] = _tried(package, language)
        except Exception as error:
            words = str(error) or type(error).__name__
            raise Refusal(f"{model['file']} cannot be used: {words}") from error
    return Voices(tongues)


def _tried(package: SileroPackage, language: str) -> Tongue:
    """Every voice says a few words. The first words of a package take ten times as long as others."""
    if language not in LANGUAGES:
        raise ValueError(f"'{language}' is none of the languages that Silero speaks")
    speakers = speakers_of(language, package.speakers)[:MOST_SPEAKERS]
    if not speakers:
        raise ValueError("it has no speakers")
    greeting = LANGUAGES[language].greeting
    pitches = {speaker: package.pitch(greeting, speaker) for speaker in speakers}
    low = tuple(name for name in speakers if (pitches[name] or 0) < HIGH_FROM_HZ)
    high = tuple(name for name in speakers if (pitches[name] or HIGH_FROM_HZ) >= HIGH_FROM_HZ)
    # Where all are of one kind, they are the other, too.
    return Tongue(package, male=low or high, female=high or low)
