"""Which of a model's speakers says a text, and how a text is given to them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bodies import Asked
from plain_text import LONGEST, halves, parts
from refused import Refused, bad_request
from turns import Turn

# Hz. The rate that Silero's models speak at; they make lower ones of it.
SAMPLE_RATE = 48_000


class NothingToSay(Exception):
    """The model reads nothing of a text: signs only, or letters it has never seen."""


class TooLong(Exception):
    """The model cannot say so much in one breath."""


class Model(Protocol):
    def say(self, text: str, speaker: str) -> array[float]:
        """Mono, -1 to 1. Raises NothingToSay, TooLong, or anything else where the model fails."""


@dataclass(frozen=True)
class Tongue:
    """A language that a model speaks, and by whom. Neither kind of speaker is empty."""

    model: Model
    male: tuple[str, ...]
    female: tuple[str, ...]

    def speaker(self, voice: str) -> str:
        """`male`, `female`, or either with a number from 0; numbers start over."""
        match = re.fullmatch(r"(male|female)(?:-([0-9]{1,6}))?", voice)
        if match is None:
            raise bad_request("no such voice; use male-0 or female-0")
        speakers = self.male if match[1] == "male" else self.female
        return speakers[int(match[2] or 0) % len(speakers)]


class Voices:
    """Everything that can be spoken here, by the languages' subtags."""

    def __init__(self, tongues: Mapping[str, Tongue]) -> None:
        self._tongues = tongues

    @property
    def languages(self) -> list[str]:
        return list(self._tongues)

    def speak(self, asked: Asked, turn: Turn[array[float]]) -> array[float]:
        """All of the text, or none of it where nobody waits for it any more. Raises Refused."""
        tongue = self._tongues.get(asked.language.split("-", 1)[0].lower())
        if tongue is None:
            raise bad_request(f"the language is not spoken; there are {', '.join(self._tongues)}")
        speaker = tongue.speaker(asked.voice)
        if len(asked.text) > LONGEST:
            raise bad_request(f"the text is longer than {LONGEST} characters")
        audio = array("f")
        for part in parts(asked.text):
            if turn.cancelled:
                break
            audio.extend(_said(tongue.model, part, speaker))
        return audio


def _said(model: Model, text: str, speaker: str) -> array[float]:
    try:
        return model.say(text, speaker)
    except NothingToSay:
        return array("f")
    except TooLong:
        first, second = halves(text)
        if not second:
            raise Refused(500, "failed", "the model cannot say a word of this length") from None
        return _said(model, first, speaker) + _said(model, second, speaker)
