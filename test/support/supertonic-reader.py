"""Speaks with a folder of Supertonic's form by its authors' own package.

Takes a job as JSON on stdin: {"directory", "noise": path of raw float32, "says": [{"text", "language",
"style", "steps", "speed"}]}; answers with JSON: {"said": [{"ids", "seconds", "sound"}]}, the sound as
float32 in base64. Their random numbers are taken from the noise.
"""

import base64
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from supertonic.core import Style, Supertonic, UnicodeProcessor

job = json.load(sys.stdin)
folder = Path(job["directory"])
noise = np.fromfile(job["noise"], dtype="<f4")
np.random.randn = lambda *shape: noise[: math.prod(int(size) for size in shape)].reshape(shape)


def graph(name):
    return onnxruntime.InferenceSession(folder / "onnx" / f"{name}.onnx")


def tensor(part):
    return np.array(part["data"], dtype=np.float32).reshape(part["dims"])


model = Supertonic(
    json.loads((folder / "onnx/tts.json").read_text()),
    UnicodeProcessor(str(folder / "onnx/unicode_indexer.json")),
    graph("duration_predictor"),
    graph("text_encoder"),
    graph("vector_estimator"),
    graph("vocoder"),
)
said = []
for say in job["says"]:
    style = json.loads((folder / f"voice_styles/{say['style']}.json").read_text())
    ids, _ = model.text_processor([say["text"]], say["language"])
    sound, seconds = model(
        [say["text"]],
        Style(tensor(style["style_ttl"]), tensor(style["style_dp"])),
        say["steps"],
        say["speed"],
        say["language"],
    )
    said.append({
        "ids": ids[0].tolist(),
        "seconds": float(seconds[0]),
        "sound": base64.b64encode(sound[0].astype("<f4").tobytes()).decode(),
    })

json.dump({"said": said}, sys.stdout)
