"""The model `speech` of docs/inference-protocol.md: utterances that come in parts, read together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .agreement import Agreement
from .mel import RATE
from .model import Canary, Row

# The model repeats itself beyond.
LONGEST_S = 40
# An utterance of which nothing was heard for so long is given up.
IDLE_S = 30
# Utterances that may be open at once.
MOST_OPEN = 256
# Pause between two readings of an utterance that is still being spoken.
REREAD_S = 1.0


@dataclass(frozen=True)
class Part:
    sequence: int
    start: bool
    end: bool
    abandoned: bool
    # 16 kHz mono, -1 to 1.
    audio: np.ndarray
    source: str
    targets: Sequence[str]


@dataclass(frozen=True)
class Answer:
    committed: list[str]
    tentative: list[str]
    transcript: tuple[str, str]
    logprob: float


class Refused(Exception):
    """`code` as in docs/inference-protocol.md: badRequest, overloaded or failed. No speech in it."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass
class _Utterance:
    heard_at: float
    read_at: float
    audio: list[np.ndarray] = field(default_factory=list)
    # By target; the transcript's is the source.
    texts: dict[str, Agreement] = field(default_factory=dict)
    logprob: float = 0.0

    @property
    def samples(self) -> int:
        return sum(part.size for part in self.audio)

    def whole(self) -> np.ndarray:
        self.audio = [np.concatenate(self.audio)]
        return self.audio[0]


class Speech:
    """All open utterances. `hear` is called by one thread at a time."""

    def __init__(self, canary: Canary, now: Callable[[], float] = time.monotonic) -> None:
        self._canary = canary
        self._vocabulary = canary.vocabulary
        self._now = now
        self._open: dict[int, _Utterance] = {}

    @property
    def open(self) -> int:
        return len(self._open)

    def hear(self, parts: Sequence[Part]) -> list[Answer | Refused]:
        """One answer for each part; parts are of different utterances.

        Those that have ended are read together. Where none has, those still being spoken are, each
        about once a second: what ends never waits for what goes on, but for a reading under way.
        """
        now = self._now()
        for sequence in [s for s, u in self._open.items() if now - u.heard_at > IDLE_S]:
            del self._open[sequence]
        answers: dict[int, Answer | Refused] = {}
        kept: dict[int, _Utterance] = {}
        for index, part in enumerate(parts):
            try:
                utterance = self._keep(part, now)
                if utterance is None:
                    answers[index] = _nothing(part)
                else:
                    kept[index] = utterance
            except Refused as refused:
                self._open.pop(part.sequence, None)
                answers[index] = refused
        due = [index for index in kept if parts[index].end]
        if not due:
            due = [i for i, u in kept.items() if u.samples > 0 and now - u.read_at >= REREAD_S]
        failed = self._read([(parts[index], kept[index]) for index in due], now)
        for index, utterance in kept.items():
            part = parts[index]
            error = failed.get(part.sequence)
            answers[index] = error or self._answer(part, utterance)
            if part.end or error:
                self._open.pop(part.sequence, None)
        return [answers[index] for index in range(len(parts))]

    def _keep(self, part: Part, now: float) -> _Utterance | None:
        if part.abandoned:
            self._open.pop(part.sequence, None)
            return None
        if part.start:
            self._open.pop(part.sequence, None)
            if len(self._open) >= MOST_OPEN:
                raise Refused("overloaded", "too many people speak at once")
            seconds = part.audio.size / RATE
            self._open[part.sequence] = _Utterance(heard_at=now, read_at=now - seconds)
        utterance = self._open.get(part.sequence)
        if utterance is None:
            raise Refused("badRequest", f"sequence {part.sequence} has not been started")
        self._expect_languages(part)
        if not np.isfinite(part.audio).all():
            raise Refused("badRequest", "the audio has samples that are no numbers")
        utterance.heard_at = now
        if part.audio.size > 0:
            utterance.audio.append(part.audio)
        if utterance.samples > LONGEST_S * RATE:
            raise Refused("badRequest", f"the utterance is longer than {LONGEST_S} s")
        if part.end and utterance.samples == 0:
            raise Refused("badRequest", "the utterance has no audio")
        return utterance

    def _expect_languages(self, part: Part) -> None:
        source = _base(part.source)
        if source not in self._vocabulary.languages:
            raise Refused("badRequest", f"speech in '{part.source}' is not recognised")
        for tag in part.targets:
            target = _base(tag)
            known = target in self._vocabulary.languages
            if not known or (target != source and "en" not in (source, target)):
                raise Refused("badRequest", f"'{part.source}' is not translated into '{tag}'")

    def _read(
        self, due: Sequence[tuple[Part, _Utterance]], now: float
    ) -> dict[int, Refused]:
        """Who fails, by sequence. What fails together is tried one by one."""
        if not due:
            return {}
        try:
            self._read_together(due, now)
            return {}
        except Exception as error:
            if len(due) == 1:
                words = f"the model failed ({type(error).__name__})"
                return {due[0][0].sequence: Refused("failed", words)}
        failed: dict[int, Refused] = {}
        for one in due:
            failed.update(self._read([one], now))
        return failed

    def _read_together(self, due: Sequence[tuple[Part, _Utterance]], now: float) -> None:
        rows, agreements = [], []
        for index, (part, utterance) in enumerate(due):
            source = _base(part.source)
            for target in dict.fromkeys((source, *map(_base, part.targets))):
                begun = Agreement(self._vocabulary.begins_word)
                agreement = utterance.texts.setdefault(target, begun)
                prompt = self._vocabulary.prompt(source, target)
                rows.append(Row(index, prompt, agreement.committed))
                agreements.append((utterance, agreement, target == source))
        texts = self._canary.write([utterance.whole() for _, utterance in due], rows)
        for (utterance, agreement, is_transcript), text in zip(agreements, texts):
            agreement.read(text.tokens)
            utterance.read_at = now
            if is_transcript:
                utterance.logprob = text.logprob

    def _answer(self, part: Part, utterance: _Utterance) -> Answer:
        said = [self._said(utterance.texts.get(_base(tag)), part.end) for tag in part.targets]
        return Answer(
            committed=[committed for committed, _ in said],
            tentative=[tentative for _, tentative in said],
            transcript=self._said(utterance.texts.get(_base(part.source)), part.end),
            logprob=utterance.logprob,
        )

    def _said(self, agreement: Agreement | None, end: bool) -> tuple[str, str]:
        if agreement is None:
            return "", ""
        everything = self._vocabulary.text(agreement.all)
        if end:
            return everything, ""
        committed = self._vocabulary.text(agreement.committed)
        return committed, everything[len(committed) :].lstrip()


def _nothing(part: Part) -> Answer:
    empty = ["" for _ in part.targets]
    return Answer(empty, empty, ("", ""), 0.0)


def _base(tag: str) -> str:
    return tag.split("-", 1)[0].lower()
