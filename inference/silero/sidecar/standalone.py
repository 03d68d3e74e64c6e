"""The sidecar by itself, for a container: speaks with every package of Silero's among the models.

    python3 standalone.py --listen 0.0.0.0:8000 --models /models

Serves the model `voice` of docs/inference-protocol.md. A package is loaded only if its contents are
those that were recorded when it was pulled (npm run models). It says on standard output what it
does, a JSON object a line, and ends on SIGTERM, or with 1 where a package cannot be used.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import parent
from http_server import VoiceServer
from pulled import Unusable, pulled_models
from turns import Turns


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    tell = parent.take_standard_output()
    turns = Turns(arguments.queue)
    server = VoiceServer(turns, arguments.listen)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tell(url=server.url)
    try:
        models = pulled_models(arguments.models)
        # Imports torch.
        from loading import Refusal, load
    except (Unusable, ImportError) as error:
        tell(refused=str(error))
        return 1
    try:
        voices = load(models)
    except Refusal as refusal:
        tell(refused=str(refusal))
        return 1
    # What models print from now on may be speech.
    parent.keep_quiet()
    server.voices = voices
    tell(ready=True, languages=voices.languages)
    turns.serve_forever()
    return 0


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description="Speaks with Silero's voices.")
    parser.add_argument("--listen", type=_address, default=("127.0.0.1", 8000))
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--queue", type=int, default=64, help="texts that may wait")
    return parser.parse_args()


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is not HOST:PORT")
    return host.strip("[]"), int(port)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Threads that wait for requests are not waited for.
    os._exit(status)
