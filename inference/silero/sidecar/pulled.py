"""Silero's packages among the models that were pulled (inference/catalogue)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from languages import LANGUAGES

# How Silero names a language at the end of a package's name where it is not the language's own tag.
_TAGS = {"ua": "uk"}
# A package of many languages names their family.
_FAMILIES = {"cis": ["az", "ba", "cv", "hy", "ka", "kk", "ky", "tg", "tt", "uz"]}


class Unusable(Exception):
    """Why there is nothing to speak with, for whoever runs the server."""


def pulled_models(folder: Path) -> list[dict[str, Any]]:
    """`file`, `sha256` and `languages` of each package, as loading.load takes them. Raises Unusable."""
    found = [model for record in sorted(folder.glob("*/manifest.json")) for model in _models(record)]
    if not found:
        raise Unusable(
            f"there is no package of Silero's in {folder}; "
            f"npm run models -- pull silero-ru --directory {folder}"
        )
    return found


def _models(record: Path) -> list[dict[str, Any]]:
    try:
        files = json.loads(record.read_text("utf-8"))["files"]
        packages = {name: about["sha256"] for name, about in files.items() if name.endswith(".pt")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"{record} cannot be read ({type(error).__name__})") from error
    return [
        {"file": str(record.parent / name), "sha256": sha256, "languages": _languages(name)}
        for name, sha256 in packages.items()
    ]


def _languages(name: str) -> list[str]:
    """v5_5_ru.pt, v4_ua.pt, v5_cis_base_nostress.pt."""
    words = re.split(r"[_.]", name)
    for word in reversed(words):
        if word in _FAMILIES:
            return _FAMILIES[word]
        tag = _TAGS.get(word, word)
        if tag in LANGUAGES:
            return [tag]
    raise Unusable(f"the name of {name} does not say which language it speaks")
