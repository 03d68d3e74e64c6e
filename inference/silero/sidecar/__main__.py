"""Speaks with Silero's voices, which are packages of torch's, for a server that is not Python.

    python3 inference/silero/sidecar '{"models": [
      {"file": "/models/v5_5_ru.pt", "sha256": "<64 hex digits>", "languages": ["ru"]}
    ], "queue": 16}'

Serves the model `voice` of docs/inference-protocol.md on a loopback port of its own choosing, and
says on standard output, one JSON object a line, {"url"} when it listens, {"ready": true} when it
speaks, or {"refused"} with the reason why it never will. It ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import sys
import threading

import parent
from http_server import VoiceServer
from turns import Turns


def main() -> int:
    parent.live_no_longer_than_it()
    tell = parent.take_standard_output()
    settings = json.loads(sys.argv[1])
    turns = Turns(settings["queue"])
    server = VoiceServer(turns)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tell(url=server.url)
    try:
        # Imports torch, which may not be there.
        from loading import Refusal, load
    except ImportError as error:
        tell(refused=f"{sys.executable}: {error}; Debian has it in python3-torch")
        return 1
    try:
        voices = load(settings["models"])
    except Refusal as refusal:
        tell(refused=str(refusal))
        return 1
    # What models print from now on may be speech.
    parent.keep_quiet()
    server.voices = voices
    tell(ready=True)
    turns.serve_forever()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Threads that wait for requests are not waited for.
    os._exit(status)
