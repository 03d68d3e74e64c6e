"""What two readings of a growing utterance agree on (LocalAgreement-2: Macháček, Dabre and Bojar,
"Turning Whisper into Real-Time Transcription System", IJCNLP 2023)."""

from __future__ import annotations

from collections.abc import Callable


class Agreement:
    """The common beginning of the last two readings is committed, up to the end of a word and never
    including the last one, which may not have been spoken to its end."""

    def __init__(self, begins_word: Callable[[int], bool]) -> None:
        self._begins_word = begins_word
        self.committed: list[int] = []
        self.all: list[int] = []

    def read(self, tokens: list[int]) -> None:
        """Takes a reading, which begins with what is committed."""
        agreed = known = len(self.committed)
        while agreed < min(len(self.all), len(tokens)) and self.all[agreed] == tokens[agreed]:
            agreed += 1
        while agreed > known and not self._ends_word(tokens, agreed):
            agreed -= 1
        self.committed, self.all = tokens[:agreed], tokens

    def _ends_word(self, tokens: list[int], at: int) -> bool:
        if at >= len(tokens) or not self._begins_word(tokens[at]):
            return False
        return at >= len(self.all) or self._begins_word(self.all[at])
