"""The two graphs of a Canary export, and greedy search over them, for several utterances at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from .mel import MELS, at_least_a_second, features
from .vocabulary import Vocabulary

# Positions that the decoder knows, and tokens that NeMo allows for beyond one in each step of 80 ms.
_MOST_TOKENS, _SPARE_TOKENS = 1024, 50
# NeMo's guard against repetition: fewer tokens may repeat themselves; a pattern, and how often.
_LEAST = 8
_STUCK = ((1, 5), (2, 3), (3, 3))


@dataclass(frozen=True)
class Row:
    """One text to be written of an utterance: what the decoder is given first."""

    utterance: int
    prompt: list[int]
    # What the text begins with, because it was committed before.
    prefix: list[int]


@dataclass(frozen=True)
class Text:
    # The prefix and what was written after it, without the end.
    tokens: list[int]
    # Mean natural log of the probabilities of what was written, its end included; 0 of nothing.
    logprob: float


class Canary:
    def __init__(self, directory: str, providers: Sequence[str], threads: int = 0) -> None:
        """Loads the graphs that suit the first provider: int8 has no kernels on a graphics card."""
        folder = Path(directory)
        with (folder / "vocab.txt").open(encoding="utf-8") as lines:
            self.vocabulary = Vocabulary(lines)
        kinds = [".int8", ""] if providers[0].startswith("CPU") else ["", ".int8"]
        kind = next((k for k in kinds if (folder / f"encoder-model{k}.onnx").exists()), None)
        if kind is None:
            raise FileNotFoundError(f"{directory} holds no encoder-model.onnx of Canary's")

        def graph(name: str) -> onnxruntime.InferenceSession:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.enable_mem_pattern = False
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            path = str(folder / f"{name}-model{kind}.onnx")
            session = onnxruntime.InferenceSession(path, options, providers=list(providers))
            # It falls back without a word.
            if session.get_providers()[0] != providers[0]:
                raise RuntimeError(f"onnxruntime has no {providers[0]} here")
            return session

        self._encoder, self._decoder = graph("encoder"), graph("decoder")
        mems = next(i for i in self._decoder.get_inputs() if i.name == "decoder_mems")
        self._layers, self._width = mems.shape[0], mems.shape[3]

    def write(self, utterances: Sequence[np.ndarray], rows: Sequence[Row]) -> list[Text]:
        """Hears all utterances in one run and writes all rows together, token by token."""
        embeddings, mask = self._hear(utterances)
        owners = [row.utterance for row in rows]
        limits = np.minimum(_MOST_TOKENS, mask.sum(axis=1) + _SPARE_TOKENS)
        writers = [_Writer(row, int(limits[row.utterance])) for row in rows]
        heard = {"encoder_embeddings": embeddings[owners], "encoder_mask": mask[owners]}
        mems = np.zeros((self._layers, len(rows), 0, self._width), np.float32)
        # The first run takes as many tokens as all rows know; what others know more is fed after it.
        fed = min(len(writer.known) for writer in writers)
        ids = [writer.known[:fed] for writer in writers]
        while any(writer.ending is None for writer in writers):
            given = {"input_ids": np.array(ids, np.int64), "decoder_mems": mems, **heard}
            logits, mems = self._decoder.run(["logits", "decoder_hidden_states"], given)
            for writer, row in zip(writers, logits[:, -1]):
                writer.hear(fed, row, self.vocabulary.end)
            ids = [[writer.at(fed, self.vocabulary.end)] for writer in writers]
            fed += 1
        return [writer.text() for writer in writers]

    def _hear(self, utterances: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Shorter utterances are filled up with frames that do not count."""
        mels = [features(at_least_a_second(audio)) for audio in utterances]
        audio = np.zeros((len(mels), MELS, max(mel.shape[1] for mel, _ in mels)), np.float32)
        for index, (mel, _) in enumerate(mels):
            audio[index, :, : mel.shape[1]] = mel
        lengths = np.array([length for _, length in mels], np.int64)
        outputs = ["encoder_embeddings", "encoder_mask"]
        return tuple(self._encoder.run(outputs, {"audio_signal": audio, "length": lengths}))


class _Writer:
    def __init__(self, row: Row, most: int) -> None:
        self.known = [*row.prompt, *row.prefix]
        self.ending: str | None = "most" if len(self.known) >= most else None
        self._prompt = len(row.prompt)
        self._given = len(self.known)
        self._most = most
        self._logprob, self._scored = 0.0, 0

    def at(self, position: int, end: int) -> int:
        return self.known[position] if position < len(self.known) else end

    def hear(self, position: int, logits: np.ndarray, end: int) -> None:
        """What the model would have at `position`; taken where nothing is known yet."""
        if self.ending is not None or position < len(self.known):
            return
        token = int(logits.argmax())
        self._logprob += float(logits[token])
        self._scored += 1
        if token == end:
            self.ending = "end"
            return
        self.known.append(token)
        stuck = _stuck_tokens(self.known[self._prompt :])
        if stuck > 0:
            del self.known[max(len(self.known) - stuck, self._given) :]
            self.ending = "stuck"
        elif len(self.known) >= self._most:
            self.ending = "most"

    def text(self) -> Text:
        return Text(self.known[self._prompt :], self._logprob / max(1, self._scored))


def _stuck_tokens(tokens: list[int]) -> int:
    """How many tokens at the end say again what came right before them, once a model is stuck."""
    if len(tokens) >= _LEAST:
        for pattern, times in _STUCK:
            repeated = pattern * (times - 1)
            if tokens[-repeated:] == tokens[-repeated - pattern : -pattern]:
                return repeated
    return 0
