import { randomInt } from 'node:crypto';
import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { SpeechRequest, SpeechResult } from '../../inference/protocol/task-models.ts';
import { concatenate, SPEECH_PER_MS } from '../audio.ts';
import { UtteranceDetector } from '../vad/detector.ts';
import type { DetectorOptions, SpeechEvent } from '../vad/detector.ts';
import { VAD_WINDOW } from '../vad/model.ts';
import type { VadModel } from '../vad/model.ts';
import type { Window } from '../vad/windows.ts';
import type { FileEvent, Segment, TranscriptionBrief } from './messages.ts';

const PROGRESS_MS = 5_000;
const FIRST_SEQUENCE_BELOW = 2 ** 40;

export interface TranscriptionParts {
  readonly vad: VadModel;
  readonly options: DetectorOptions;
  readonly engine: {
    speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult>;
  };
  readonly signal: AbortSignal;
}

interface Spoken {
  readonly startMs: number;
  readonly audio: Float32Array[];
}

/**
 * A recording to segments: cut where people pause, as in a call, each heard by the engine before the
 * next is listened for. So nothing is held but one utterance, and the recording is read as fast as
 * the engine is. Rejects with an InferenceError when the engine stays away or does not know a language;
 * a stretch that it gives up is a gap.
 */
export async function* transcribe(
  sound: AsyncIterable<Float32Array>,
  brief: TranscriptionBrief,
  parts: TranscriptionParts,
): AsyncGenerator<FileEvent, void, undefined> {
  const { vad, options } = parts;
  const stream = vad.open();
  const detector = new UtteranceDetector(options);
  const who = `file-${randomInt(FIRST_SEQUENCE_BELOW)}`;
  let heardMs = 0;
  let toldMs = 0;
  let spoken: Spoken | undefined;

  async function* follow(event: SpeechEvent): AsyncGenerator<FileEvent, void, undefined> {
    switch (event.type) {
      case 'start':
        spoken = { startMs: event.startedAt, audio: [] };
        break;
      case 'audio':
        spoken?.audio.push(event.samples);
        break;
      case 'pause':
        break;
      case 'end': {
        const said = spoken;
        spoken = undefined;
        if (said === undefined) break;
        const segment = await hear(said, event.speechEndedAt, { ...brief, who }, parts);
        if (segment !== undefined) yield { type: 'segment', ...segment };
        break;
      }
    }
  }

  for await (const { window, endMs } of windowsOf(sound)) {
    heardMs = endMs;
    const probability = await stream.probability(window.samples, window.silent);
    for (const event of detector.push({ ...window, probability })) yield* follow(event);
    if (heardMs - toldMs < PROGRESS_MS) continue;
    toldMs = heardMs;
    yield { type: 'progress', heardMs: Math.round(heardMs) };
  }
  for (const event of detector.flush()) yield* follow(event);
  yield { type: 'end', durationMs: Math.round(heardMs) };
}

/** Undefined when there were no words. */
async function hear(
  { startMs, audio }: Spoken,
  endMs: number,
  { source, targets, who }: TranscriptionBrief & { readonly who: string },
  { engine, signal }: TranscriptionParts,
): Promise<Segment | undefined> {
  const times = { startMs: Math.max(0, Math.round(startMs)), endMs: Math.round(endMs) };
  const part = { sequence: randomInt(FIRST_SEQUENCE_BELOW), start: true, end: true };
  const request = { ...part, audio: concatenate(audio), source, targets, speaker: who };
  try {
    const { transcript, translations } = await engine.speech(request, signal);
    if (transcript.committed === '') return undefined;
    return {
      ...times,
      text: transcript.committed,
      translations: targets.map((language, at) => ({
        language,
        text: translations[at]?.committed ?? '',
        ...(translations[at]?.lost && { lost: true as const }),
      })),
    };
  } catch (error) {
    if (!(error instanceof InferenceError) || error.code !== 'failed') throw error;
    return { ...times, text: '', translations: [], gap: 'failed' };
  }
}

/**
 * Cuts sound into windows on the time of the recording; the last is filled up with silence. `endMs`
 * leaves that silence out.
 */
async function* windowsOf(
  sound: AsyncIterable<Float32Array>,
): AsyncGenerator<{ readonly window: Window; readonly endMs: number }> {
  let position = 0;
  let samples = new Float32Array(VAD_WINDOW);
  let filled = 0;
  const take = (): { readonly window: Window; readonly endMs: number } => {
    const end = position + filled;
    const window = {
      ...{ position, samples, follows: position > 0 },
      silent: samples.every((sample) => sample === 0),
      arrivedAt: (position + VAD_WINDOW) / SPEECH_PER_MS,
    };
    position += VAD_WINDOW;
    samples = new Float32Array(VAD_WINDOW);
    filled = 0;
    return { window, endMs: end / SPEECH_PER_MS };
  };
  for await (const piece of sound) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + VAD_WINDOW - filled);
      samples.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === VAD_WINDOW) yield take();
    }
  }
  if (filled > 0) yield take();
}
