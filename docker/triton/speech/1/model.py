"""The model `speech` on Triton: requests to parts of utterances, and answers back. See canary/speech.py."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils
from canary.model import Canary
from canary.speech import Answer, Part, Refused, Speech

# Of pb_utils.TritonError, which Triton adds once this is loaded: statuses 400, 503 and 500.
_ERRORS = {"badRequest": "INVALID_ARG", "overloaded": "UNAVAILABLE", "failed": "INTERNAL"}


class TritonPythonModel:
    def initialize(self, args: dict[str, str]) -> None:
        config = json.loads(args["model_config"])
        settings = {key: value["string_value"] for key, value in config["parameters"].items()}
        on_gpu = args["model_instance_kind"] == "GPU"
        device = {"device_id": args["model_instance_device_id"]}
        providers: list[Any] = [("CUDAExecutionProvider", device)] if on_gpu else []
        canary = Canary(
            settings["model"],
            [*providers, "CPUExecutionProvider"],
            threads=int(settings.get("threads", "0")),
        )
        self._speech = Speech(canary)
        # The first words of a graph take much longer than others.
        silence = np.zeros(16_000, np.float32)
        self._speech.hear([Part(0, True, True, False, silence, "en", ["de"])])

    def execute(self, requests: list[Any]) -> list[Any]:
        """One batch: Triton gathers requests while the one before is read."""
        read = [_part(request) for request in requests]
        heard = iter(self._speech.hear([part for part in read if isinstance(part, Part)]))
        return [_response(next(heard) if isinstance(part, Part) else part) for part in read]


def _part(request: Any) -> Part | Refused:
    try:
        return _read(request)
    except Exception as error:
        return Refused("badRequest", f"the request cannot be read ({type(error).__name__})")


def _read(request: Any) -> Part:
    flags = request.flags()
    parameters = json.loads(request.parameters() or "{}")
    texts = {name: _texts(request, name) for name in ("source", "targets")}
    return Part(
        sequence=request.correlation_id(),
        start=bool(flags & pb_utils.TRITONSERVER_REQUEST_FLAG_SEQUENCE_START),
        end=bool(flags & pb_utils.TRITONSERVER_REQUEST_FLAG_SEQUENCE_END),
        abandoned=parameters.get("abandoned") is True,
        audio=_input(request, "audio").astype(np.float32),
        source=texts["source"][0],
        targets=texts["targets"],
    )


def _input(request: Any, name: str) -> np.ndarray:
    """Flat: a request is a batch of one."""
    return pb_utils.get_input_tensor_by_name(request, name).as_numpy().reshape(-1)


def _texts(request: Any, name: str) -> list[str]:
    return [text.decode("utf-8") for text in _input(request, name)]


def _response(answer: Answer | Refused) -> Any:
    if isinstance(answer, Refused):
        code = getattr(pb_utils.TritonError, _ERRORS[answer.code])
        error = pb_utils.TritonError(str(answer), code)
        return pb_utils.InferenceResponse(error=error)
    transcript = {
        "transcript_committed": answer.transcript[:1],
        "transcript_tentative": answer.transcript[1:],
    }
    texts = {"committed": answer.committed, "tentative": answer.tentative, **transcript}
    tensors = [pb_utils.Tensor(name, _bytes(values)) for name, values in texts.items()]
    tensors.append(pb_utils.Tensor("logprob", np.array([[answer.logprob]], np.float32)))
    return pb_utils.InferenceResponse(output_tensors=tensors)


def _bytes(values: Any) -> np.ndarray:
    batch = np.empty((1, len(values)), dtype=np.object_)
    batch[0, :] = [value.encode() for value in values]
    return batch
