"""The model `voice` on Triton, spoken by the code of Parley's own Silero sidecar."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils

_INPUTS = ("text", "language", "voice")
# Of pb_utils.TritonError, which Triton adds once this is loaded, by Refused's statuses.
_ERRORS = {400: "INVALID_ARG", 503: "UNAVAILABLE", 500: "INTERNAL"}


class TritonPythonModel:
    def initialize(self, args: dict[str, str]) -> None:
        parameters = json.loads(args["model_config"])["parameters"]
        sys.path.insert(0, parameters["sidecar"]["string_value"])
        from bodies import Asked
        from loading import load
        from pulled import pulled_models
        from synthesis import SAMPLE_RATE
        from turns import Turn

        # What models print may be speech, in letters that Triton's log does not know.
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")
        models = pulled_models(Path(parameters["models"]["string_value"]))
        self._voices, self._asked, self._turn, self._rate = load(models), Asked, Turn, SAMPLE_RATE

    def execute(self, requests: list[Any]) -> list[Any]:
        return [self._speak(request) for request in requests]

    def _speak(self, request: Any) -> Any:
        asked = self._asked(**_texts(request), id=None, binary=frozenset())
        turn = self._turn(lambda turn: self._voices.speak(asked, turn))
        turn.take()
        try:
            audio = np.asarray(turn.result(), dtype=np.float32)
        except Exception as error:
            name = _ERRORS.get(getattr(error, "status", 500), "INTERNAL")
            code = getattr(pb_utils.TritonError, name)
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error), code))
        rate = np.array([self._rate], np.int32)
        tensors = [pb_utils.Tensor("audio", audio), pb_utils.Tensor("sample_rate", rate)]
        return pb_utils.InferenceResponse(output_tensors=tensors)


def _texts(request: Any) -> dict[str, str]:
    tensors = {name: pb_utils.get_input_tensor_by_name(request, name) for name in _INPUTS}
    return {name: tensor.as_numpy()[0].decode("utf-8") for name, tensor in tensors.items()}
