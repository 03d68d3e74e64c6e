"""The sidecar's server with a model that needs no torch: what it says, it also tells the test.

    python3 test/support/silero_toy.py <queue>

Standard output has {"url"}, then {"saying", "speaker"} whenever the model is given a text. The model
answers with one sample for each character, of a height that differs from speaker to speaker. A text
with `wait` in it is answered after the next line on standard input.
"""

import json
import sys
import threading
from array import array
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "inference/silero/sidecar"))

from http_server import VoiceServer  # noqa: E402
from synthesis import NothingToSay, Tongue, TooLong, Voices  # noqa: E402
from turns import Turns  # noqa: E402

HEIGHTS = {"anton": 0.25, "boris": -0.25, "clara": 0.5}


class ToyModel:
    def say(self, text, speaker):
        print(json.dumps({"saying": text, "speaker": speaker}), flush=True)
        if "wait" in text:
            sys.stdin.readline()
        if "nothing" in text:
            raise NothingToSay
        if "much" in text and len(text) > 20:
            raise TooLong
        if "trouble" in text:
            raise IndexError(text)
        return array("f", [HEIGHTS[speaker]] * len(text))


turns = Turns(int(sys.argv[1]))
server = VoiceServer(turns)
server.voices = Voices({"en": Tongue(ToyModel(), male=("anton", "boris"), female=("clara",))})
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"url": server.url}), flush=True)
turns.serve_forever()
