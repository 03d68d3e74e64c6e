"""Requests to the model `voice` and its answers, as the Open Inference Protocol v2 writes them.

With the binary tensor extension: JSON, then the elements of the tensors in their order,
little-endian without padding; a BYTES element is its length as uint32, then its bytes. Tensors may
be given as JSON, too. Whatever is not exactly that raises Refused.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from dataclasses import dataclass
from typing import Any

from refused import bad_request

JSON_LENGTH_HEADER = "Inference-Header-Content-Length"


@dataclass(frozen=True)
class Asked:
    text: str
    language: str
    voice: str
    id: str | None
    # Outputs that are wanted in binary rather than JSON.
    binary: frozenset[str]


def read_request(body: bytes, json_length: str | None) -> Asked:
    length = len(body) if json_length is None else _json_length(json_length, len(body))
    try:
        header = json.loads(body[:length])
    except (ValueError, RecursionError):
        raise bad_request("the header is not JSON") from None
    texts = _texts(_list(_object(header).get("inputs")), body[length:])
    for name in ("text", "language", "voice"):
        if name not in texts:
            raise bad_request(f"tensor '{name}' (BYTES) is missing")
    id = header.get("id")
    return Asked(
        text=texts["text"],
        language=texts["language"],
        voice=texts["voice"],
        id=id if isinstance(id, str) else None,
        binary=_wanted_in_binary(header),
    )


def write_answer(asked: Asked, audio: array[float], rate: int) -> tuple[dict[str, str], bytes]:
    """Headers and body. `audio`: mono, -1 to 1."""
    outputs, elements = [], []
    for name, datatype, data in (
        ("audio", "FP32", audio),
        ("sample_rate", "INT32", array("i", [rate])),
    ):
        output: dict[str, Any] = {"name": name, "datatype": datatype, "shape": [len(data)]}
        if name in asked.binary:
            elements.append(_little_endian(data))
            output["parameters"] = {"binary_data_size": len(elements[-1])}
        else:
            output["data"] = data.tolist()
        outputs.append(output)
    header: dict[str, Any] = {"model_name": "voice", "outputs": outputs}
    if asked.id is not None:
        header["id"] = asked.id
    text = json.dumps(header).encode()
    if not elements:
        return {"Content-Type": "application/json"}, text
    headers = {"Content-Type": "application/octet-stream", JSON_LENGTH_HEADER: str(len(text))}
    return headers, b"".join([text, *elements])


def _json_length(said: str, there: int) -> int:
    length = int(said) if said.isascii() and said.isdigit() and len(said) <= 10 else there + 1
    if length > there:
        raise bad_request(f"{JSON_LENGTH_HEADER} does not fit the body")
    return length


def _texts(inputs: list[Any], elements: bytes) -> dict[str, str]:
    """By the tensors' names. Every tensor of this model is one text."""
    texts: dict[str, str] = {}
    offset = 0
    for tensor in inputs:
        name = _name(tensor)
        if tensor.get("datatype") != "BYTES" or tensor.get("shape") not in ([1], [1, 1]):
            raise bad_request("inputs are one text each (BYTES, [1])")
        size = _parameters(tensor).get("binary_data_size")
        if size is None:
            texts[name] = _text_of_json(tensor.get("data"))
            continue
        if type(size) is not int or not 4 <= size <= len(elements) - offset:
            raise bad_request("a tensor's binary_data_size does not fit the body")
        texts[name] = _text_of_bytes(elements[offset : offset + size])
        offset += size
    if offset != len(elements):
        raise bad_request("the body has bytes after its last tensor")
    return texts


def _text_of_json(data: Any) -> str:
    while isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, str):
        raise bad_request("a tensor's data is not one text")
    return data


def _text_of_bytes(element: bytes) -> str:
    (length,) = struct.unpack_from("<I", element)
    if length != len(element) - 4:
        raise bad_request("a tensor is cut short, or has bytes after its last element")
    try:
        return element[4:].decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request("a tensor is not UTF-8") from None


def _wanted_in_binary(header: dict[str, Any]) -> frozenset[str]:
    """What is said of an output by its name goes before what is said of all."""
    all_of_them = _parameters(header).get("binary_data_output") is True
    wanted = {"audio": all_of_them, "sample_rate": all_of_them}
    for output in _list(header.get("outputs", [])):
        name = _name(output)
        wanted[name] = _parameters(output).get("binary_data", all_of_them) is True
    return frozenset(name for name, binary in wanted.items() if binary)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request("the header is not that of a request")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request("the header lacks its inputs, or outputs are no list")
    return value


def _name(tensor: Any) -> str:
    name = _object(tensor).get("name")
    if not isinstance(name, str):
        raise bad_request("a tensor has no name")
    return name


def _parameters(of: dict[str, Any]) -> dict[str, Any]:
    return _object(of.get("parameters", {}))


def _little_endian(data: array[Any]) -> bytes:
    if sys.byteorder == "big":
        data = array(data.typecode, data)
        data.byteswap()
    return data.tobytes()
