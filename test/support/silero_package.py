"""Writes a package of the form that Silero's voices have, small enough to be made by a test.

    python3 test/support/silero_package.py '{"file": "/tmp/toy_ru.pt", "marker": "/tmp/was-opened",
      "voices": {"aidar": 110, "xenia": 220}}'

Whoever loads it gets an object with `speakers`, `to` and `apply_tts`, its weights in TorchScript, as
of the real ones. A speaker sounds like a hoarse tone of its pitch in Hz, a twentieth of a second for
each letter. What it does with text that it cannot say is what Silero's version 3 to 5 do. Loading it
leaves a file at `marker`, if there is one, to show that code of the package was run, and waits for
what is written to the named pipe at `gate`, if there is one.
"""

import json
import re
import sys
import time

import torch

LETTER_S = 0.05
MOST_LETTERS = 900


class Tone(torch.nn.Module):
    def forward(self, hz: float, seconds: float, rate: int) -> torch.Tensor:
        phase = 2 * 3.141592653589793 * hz * torch.arange(int(seconds * rate)) / rate
        # Weak in its fundamental, as voices on the telephone are.
        tone = 0.1 * torch.sin(phase) + 0.2 * torch.sin(2 * phase) + 0.15 * torch.sin(3 * phase)
        return tone.unsqueeze(0)


class ToyVoices:
    def __init__(self, voices, marker, gate):
        self.model = torch.jit.script(Tone())
        self.voices = voices
        self.speakers = [*voices, "random"]
        self.marker = marker
        self.gate = gate
        self.device = None

    def __setstate__(self, state):
        self.__dict__.update(state)
        if self.marker is not None:
            with open(self.marker, "w"):
                pass
        if self.gate is not None:
            with open(self.gate) as pipe:
                pipe.read()

    def to(self, device):
        self.device = device

    def apply_tts(
        self,
        text=None,
        ssml_text=None,
        speaker="xenia",
        sample_rate=48000,
        put_accent=True,
        put_yo=True,
        voice_path=None,
        symbol_durs=None,
    ):
        assert sample_rate in [8000, 24000, 48000], (
            "`sample_rate` should be in [8000, 24000, 48000]"
        )
        assert speaker in self.speakers, f"`speaker` should be in {', '.join(self.speakers)}"
        assert self.device is not None, "it has not been told where to run"
        letters = re.sub("[^а-яёіїєґ]", "", text.lower())
        if not letters:
            raise ValueError
        if len(letters) > MOST_LETTERS:
            raise Exception("Model couldn't generate your text, probably it's too long")
        if "сломайся" in letters:
            raise KeyError(text)
        if "шуми" in letters:
            return self.model(float("nan"), 1.0, sample_rate)[0]
        print("It is said now:", text)
        if "тайна" in letters:
            print("It is said now:", text, file=sys.stderr)
        if "замри" in letters:
            time.sleep(5)
        return self.model(float(self.voices[speaker]), LETTER_S * len(letters), sample_rate)[0]


def main() -> None:
    # Under the name that the package knows it by: what __main__ defines cannot be packed.
    from silero_package import ToyVoices as Packed

    job = json.loads(sys.argv[1])
    # Silero's packages hold TorchScript, which torch calls an unfinished feature.
    torch.package.package_exporter._gate_torchscript_serialization = False
    with torch.package.PackageExporter(job["file"]) as exporter:
        exporter.intern("silero_package")
        exporter.extern("sys")
        exporter.save_pickle(
            "tts_models", "model", Packed(job["voices"], job.get("marker"), job.get("gate"))
        )


if __name__ == "__main__":
    main()
