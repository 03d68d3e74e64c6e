"""Hears recordings with docker/triton's Canary, without Triton; the job is test/support/canary-python.ts's."""

import json
import sys
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "docker/triton/speech/1"))

from canary import mel  # noqa: E402
from canary.model import Canary  # noqa: E402
from canary.speech import Part, Refused, Speech  # noqa: E402

job = json.load(sys.stdin)
clock = {"now": 0.0}
canary = Canary(job["directory"], ["CPUExecutionProvider"], threads=1)
speech = Speech(canary, lambda: clock["now"])
recordings = [np.fromfile(path, dtype="<f4") for path in job["recordings"]]


def part(sequence, audio, source, targets, start=True, end=True, abandoned=False):
    return Part(sequence, start, end, abandoned, audio, source, targets)


def told(answer, which=0):
    return {
        "committed": answer.committed[which],
        "tentative": answer.tentative[which],
        "logprob": answer.logprob,
    }


# Every recording once for each source, all of them in one batch.
sources = {source: [t for s, t in job["directions"] if s == source] for source, _ in job["directions"]}
asked = [(index, source) for index in range(len(recordings)) for source in sources]
answers = dict(
    zip(
        asked,
        speech.hear(
            [part(n, recordings[i], source, sources[source]) for n, (i, source) in enumerate(asked)]
        ),
    )
)
texts = [
    [told(answers[index, source], sources[source].index(target)) for source, target in job["directions"]]
    for index in range(len(recordings))
]

source, target = job["directions"][0]
size = job["partMs"] * mel.RATE // 1000
pieces = [recordings[0][at : at + size] for at in range(0, recordings[0].size, size)]
parts = []
for at, piece in enumerate(pieces):
    clock["now"] += job["partMs"] / 1000
    here = part(90, piece, source, [target], at == 0, at == len(pieces) - 1)
    # Now and then somebody else is heard to the end, which goes first.
    ended = [part(91, piece, source, [target])] if at % 4 == 0 else []
    beside = [part(92, piece, source, [], start=False, abandoned=True)]
    parts.append(told(speech.hear([here, *ended, *beside])[0]))

second = np.zeros(mel.RATE, np.float32)
wrong = {
    "unknown": part(1, second, "eo", []),
    "unreachable": part(1, second, "de", ["fr"]),
    "unstarted": part(1, second, "en", [], start=False),
    "endless": part(1, np.zeros(41 * mel.RATE, np.float32), "en", []),
    "empty": part(1, second[:0], "en", []),
    "infinite": part(1, second + np.inf, "en", []),
}
refused = {}
for name, request in wrong.items():
    right = part(2, second, "en", ["de"])
    answer, other = speech.hear([request, right])
    assert not isinstance(other, Refused)
    refused[name] = answer.code if isinstance(answer, Refused) else "answered"
speech.hear([part(3, second, "en", [], end=False)])
clock["now"] += 60
speech.hear([])
assert speech.open == 0, "an utterance was not forgotten"

# The signal of inference.md, section 2.
s, signal = 12345, np.zeros(16_000)
for i in range(16_000):
    s = (1664525 * s + 1013904223) % 2**32
    tone = 0.5 * np.sin(2 * np.pi * 440 * i / 16_000)
    signal[i] = tone * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * i / 16_000)) + 0.02 * (s / 2**32 - 0.5)
signal = signal.astype(np.float32)
logs = mel.logarithms(signal)
normal, length = mel.features(signal)
impulse = np.zeros(16_000, np.float32)
impulse[8000] = 1
golden = {
    "frames": normal.shape[1],
    "length": length,
    "weights": float(mel.FILTERS.sum()),
    **{f"L[{m},{t}]": float(logs[m, t]) for m, t in ((0, 0), (21, 50), (64, 50), (127, 99), (64, 100))},
    **{f"N[{m},{t}]": float(normal[m, t]) for m, t in ((0, 0), (21, 50), (64, 50), (127, 0), (64, 100))},
    "impulse": float(mel.logarithms(impulse)[64, 50]),
    "silence": float(mel.logarithms(np.zeros(16_000, np.float32)).max()),
}

json.dump({"texts": texts, "parts": parts, "refused": refused, "golden": golden}, sys.stdout)
