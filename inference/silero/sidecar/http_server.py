"""The model `voice` over HTTP: see docs/inference-protocol.md."""

from __future__ import annotations

import json
import select
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from bodies import JSON_LENGTH_HEADER, read_request, write_answer
from refused import Refused
from synthesis import SAMPLE_RATE, Voices
from turns import Turns

LARGEST_BODY = 262_144
# How often it is looked whether somebody still waits for an answer.
GLANCE_S = 0.05
SIGNATURES = {
    "inputs": [
        {"name": name, "datatype": "BYTES", "shape": [1]} for name in ("text", "language", "voice")
    ],
    "outputs": [
        {"name": "audio", "datatype": "FP32", "shape": [-1]},
        {"name": "sample_rate", "datatype": "INT32", "shape": [1]},
    ],
}


class VoiceServer(ThreadingHTTPServer):
    """Answers at once that it lives; speaks, and says so, once it has `voices`."""

    daemon_threads = True

    def __init__(self, turns: Turns, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        super().__init__(address, Handler)
        self.turns = turns
        self.voices: Voices | None = None

    def server_bind(self) -> None:
        # HTTPServer's own asks a name server who we are.
        TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host}:{port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Of what is none; older ones are answered without a status.
    default_request_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Seconds that a connection may be idle: longer than clients keep theirs.
    timeout = 75
    server: VoiceServer

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        body_is_read = False
        try:
            body = self._body()
            body_is_read = True
            self._route(method, body)
        except Refused as refused:
            # What is left of a refused body is not read.
            self.close_connection = self.close_connection or not body_is_read
            error = {"error": str(refused)}
            self._json(refused.status, {**error, "code": refused.code} if refused.code else error)
        except ConnectionError:
            self.close_connection = True

    def _route(self, method: str, body: bytes) -> None:
        path = self.path.split("?", 1)[0]
        parts = path.strip("/").split("/")
        if parts[:2] == ["v2", "models"] and len(parts) > 2:
            if parts[2] != "voice":
                raise Refused(404, None, "no such model; there is 'voice'")
            if parts[3:4] == ["versions"] and len(parts) > 4:
                del parts[3:5]
        expected = "POST" if parts[3:] == ["infer"] else "GET"
        if method != expected:
            raise Refused(400, None, f"use {expected} here")
        match parts:
            case ["v2"]:
                self._json(200, {"name": "silero", "extensions": ["binary_tensor_data"]})
            case ["v2", "health", "live"]:
                self._json(200, {"live": True})
            case ["v2", "health", "ready"] | ["v2", "models", "voice", "ready"]:
                self._readiness()
            case ["v2", "models", "voice"]:
                self._metadata()
            case ["v2", "models", "voice", "infer"]:
                self._infer(body)
            case _:
                raise Refused(404, None, "nothing is there")

    def _readiness(self) -> None:
        ready = self.server.voices is not None
        said = {"ready": ready} if ready else {"ready": ready, "error": "models are loading"}
        self._json(200 if ready else 503, said)

    def _metadata(self) -> None:
        voices = self.server.voices
        languages = [] if voices is None else voices.languages
        parameters = {"engine": "silero", "languages": languages, "sample_rate": SAMPLE_RATE}
        about = {"name": "voice", "versions": ["1"], "platform": "parley_silero", **SIGNATURES}
        self._json(200, {**about, "parameters": parameters})

    def _infer(self, body: bytes) -> None:
        asked = read_request(body, self.headers.get(JSON_LENGTH_HEADER))
        voices = self.server.voices
        if voices is None:
            raise Refused(503, "unavailable", "models are loading")
        turn = self.server.turns.submit(lambda turn: voices.speak(asked, turn))
        while not turn.wait(GLANCE_S):
            if self._asker_is_gone():
                turn.cancel()
                self.close_connection = True
                return
        headers, answer = write_answer(asked, turn.result(), SAMPLE_RATE)
        self._send(200, headers, answer)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding"):
            raise Refused(411, None, "say the Content-Length")
        said = self.headers.get("Content-Length", "0")
        length = int(said) if said.isascii() and said.isdigit() and len(said) <= 10 else -1
        if length < 0:
            raise Refused(400, None, "the Content-Length is not a number")
        if length > LARGEST_BODY:
            raise Refused(413, None, f"the body is larger than {LARGEST_BODY} bytes")
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionResetError
        return body

    def _asker_is_gone(self) -> bool:
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _json(self, status: int, said: dict[str, Any]) -> None:
        self._send(status, {"Content-Type": "application/json"}, json.dumps(said).encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses by itself."""
        self.close_connection = True
        self._json(int(code), {"error": "the request is not one of HTTP that is served here"})

    def log_message(self, format: str, *args: Any) -> None:
        """Parley keeps the figures."""
