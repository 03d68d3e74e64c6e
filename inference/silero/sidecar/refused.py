"""Why a request is not answered."""

from __future__ import annotations


class Refused(Exception):
    """`status` is HTTP's, `code` Parley's (docs/inference-protocol.md). The words hold no speech."""

    def __init__(self, status: int, code: str | None, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code


def bad_request(words: str) -> Refused:
    return Refused(400, "badRequest", words)
