"""Text as Silero's models take it: letters and punctuation, not too much at a time.

They leave out what they do not know, digits and foreign letters among it, so that whoever asks
writes numbers in words (inference/text does). Some signs mean something to them and are not plain
text: `+` stresses the next letter, `*` what is between two of them, `|` `~` `_` begin, end and fill.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that are spoken for one request: about a minute.
LONGEST = 1_000
# Characters that a model is given at once. Models give up at about a thousand, and between two parts
# it is looked whether anybody still waits.
PART = 250

_MARKS = re.compile(r"[+*|~_<>\ufffd]|[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def parts(text: str) -> list[str]:
    """In order, each with something to say, cut between sentences where that is possible."""
    plain = _MARKS.sub(" ", unicodedata.normalize("NFC", _well_formed(text)))
    found: list[str] = []
    for sentence in _SENTENCE_END.split(plain):
        words = " ".join(sentence.split())
        if found and len(found[-1]) + 1 + len(words) <= PART:
            found[-1] = f"{found[-1]} {words}".strip()
        else:
            found.extend(_pieces(words))
    return [part for part in found if any(character.isalpha() for character in part)]


def halves(text: str) -> tuple[str, str]:
    """Two parts of about the same length; the second is empty where there is one word only."""
    middle = len(text) // 2
    before, after = text.rfind(" ", 0, middle + 1), text.find(" ", middle)
    cut = before if before > 0 else after
    return (text, "") if cut <= 0 else (text[:cut].strip(), text[cut:].strip())


def _well_formed(text: str) -> str:
    """Without halves of characters, which JSON can write."""
    return text.encode("utf-8", "ignore").decode()


def _pieces(words: str) -> list[str]:
    """No longer than a part; cut behind a comma, else between words, else anywhere."""
    pieces = []
    while len(words) > PART:
        cut = max(words.rfind(", ", 0, PART) + 1, words.rfind("; ", 0, PART) + 1)
        if cut < PART // 4:
            cut = words.rfind(" ", 0, PART + 1)
        if cut <= 0:
            cut = PART
        pieces.append(words[:cut].strip())
        words = words[cut:].strip()
    return [*pieces, words]
