"""The process that started this one: what it is told, and that its end is ours."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1


def live_no_longer_than_it() -> None:
    """Ends this process with its parent, even while a call into torch hangs.

    Ctrl-C reaches every process of a terminal and is the parent's to answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_with_standard_input, daemon=True).start()


def _end_with_standard_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def take_standard_output() -> Callable[..., None]:
    """What says things to the parent, a JSON object a line. What others print there goes nowhere."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    _leads_nowhere(1)

    def tell(**said: Any) -> None:
        lines.write(json.dumps(said) + "\n")

    return tell


def keep_quiet() -> None:
    """Nothing is printed from now on: what people say must not end up in a log."""
    _leads_nowhere(2)


def _leads_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
