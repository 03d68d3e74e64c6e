"""Reads Canary directories with onnx-asr, an independent reader of the same files.

Takes a job as JSON on stdin: {"directory", "recordings": [path of raw float32 at 16 kHz],
"directions": [[source, target]]}; answers with JSON: {"texts": [[{"tokens", "text", "logprobs"}]],
"features": [{"shape", "data"}]}, by recording, and data in base64.
"""

import base64
import json
import sys

import numpy as np
import onnx_asr

job = json.load(sys.stdin)
model = onnx_asr.load_model("nemo-conformer-aed", job["directory"], quantization="int8")
recordings = [np.fromfile(path, dtype="<f4") for path in job["recordings"]]

texts = []
for recording in recordings:
    written = []
    for source, target in job["directions"]:
        result = model.with_timestamps().recognize(
            recording, sample_rate=16_000, language=source, target_language=target
        )
        written.append({"tokens": result.tokens, "text": result.text, "logprobs": result.logprobs})
    texts.append(written)

features = []
for recording in recordings:
    data, lengths = model.asr._preprocessor(recording[None], np.array([recording.size]))
    mel = np.ascontiguousarray(data[0], dtype="<f4")
    features.append({
        "shape": mel.shape,
        "length": int(lengths[0]),
        "data": base64.b64encode(mel.tobytes()).decode(),
    })

json.dump({"texts": texts, "features": features}, sys.stdout)
