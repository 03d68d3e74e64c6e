"""One piece of work at a time, in the order they came."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from refused import Refused

T = TypeVar("T")


class Turn(Generic[T]):
    """A piece of work that somebody waits for, and may stop waiting for."""

    def __init__(self, work: Callable[[Turn[T]], T]) -> None:
        self._work = work
        self._done = threading.Event()
        self._result: T | None = None
        self._error: Refused | None = None
        self.cancelled = False

    def wait(self, seconds: float) -> bool:
        """Whether it is done by then."""
        return self._done.wait(seconds)

    def cancel(self) -> None:
        """Nobody waits any more: it is not begun, or stops where it can."""
        self.cancelled = True

    def result(self) -> T:
        """What the work gave, once it is done. Raises Refused where it failed."""
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def take(self) -> None:
        if not self.cancelled:
            try:
                self._result = self._work(self)
            except Refused as refused:
                self._error = refused
            except Exception as error:
                # Whoever waits is told, whatever it is, but for its words, which may be the text's.
                self._error = Refused(500, "failed", f"the model failed ({type(error).__name__})")
        self._done.set()


class Turns:
    """When as many as `limit` wait, the newest is refused."""

    def __init__(self, limit: int) -> None:
        self._waiting: queue.Queue[Turn[Any]] = queue.Queue(limit)

    def submit(self, work: Callable[[Turn[T]], T]) -> Turn[T]:
        turn = Turn(work)
        try:
            self._waiting.put_nowait(turn)
        except queue.Full:
            raise Refused(503, "overloaded", "too many texts are waiting") from None
        return turn

    def serve_forever(self) -> None:
        """Does the work of all turns in the thread that calls this."""
        while True:
            self._waiting.get().take()
