"""The pieces that a model reads and writes, and the prompts made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What SentencePiece writes for a space, at the beginning of a word.
_SPACE = "\u2581"
_UNSPOKEN = frozenset(("<pad>", "<unk>", "<blk>"))
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_END = "<|endoftext|>"

_OTHERS = {
    "v2": "bg hr cs da nl et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk".split(),
    "flash": "de es fr".split(),
}


class Vocabulary:
    def __init__(self, lines: Iterable[str]) -> None:
        """Lines of `vocab.txt`: a piece, a space and its number. Raises ValueError."""
        self._pieces: list[str] = []
        self._specials: dict[str, int] = {}
        for number, line in enumerate(line for line in lines if line.strip("\r\n")):
            piece, _, id = line.rstrip("\r\n").rpartition(" ")
            if id != str(number):
                raise ValueError(f"line {number + 1} of vocab.txt is not piece {number}")
            self._pieces.append(piece)
            if piece.startswith("<|"):
                self._specials[piece] = number
            elif piece == _SPACE:
                self._specials.setdefault(piece, number)
        self.family = "v2" if "<|predict_lang|>" in self._specials else "flash"
        self.languages = ["en", *_OTHERS[self.family]]
        self.end = self._id(_END)

    def begins_word(self, token: int) -> bool:
        return self._pieces[token].startswith(_SPACE)

    def prompt(self, source: str, target: str) -> list[int]:
        """A target like the source asks for a transcript, another for a translation."""
        pieces = [
            *([_SPACE] if self.family == "v2" else []),
            *("<|startofcontext|>", "<|startoftranscript|>", "<|emo:undefined|>"),
            *(f"<|{source}|>", f"<|{target}|>"),
            *("<|pnc|>", "<|noitn|>", "<|notimestamp|>", "<|nodiarize|>"),
        ]
        return [self._id(piece) for piece in pieces]

    def text(self, tokens: Iterable[int]) -> str:
        """Special pieces are left out."""
        text = bytearray()
        for token in tokens:
            piece = self._pieces[token]
            byte = _BYTE.fullmatch(piece)
            if byte:
                text.append(int(byte[1], 16))
            elif not piece.startswith("<|") and piece not in _UNSPOKEN:
                text += piece.replace(_SPACE, " ").encode()
        return re.sub(" {2,}", " ", text.decode("utf-8", "replace")).strip()

    def _id(self, piece: str) -> int:
        if piece not in self._specials:
            raise ValueError(f"vocab.txt has no piece {piece}")
        return self._specials[piece]
