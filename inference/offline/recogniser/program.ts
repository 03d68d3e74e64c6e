import { answerParent, settings } from '../../process/child-side.ts';
import { Decoder } from './decoder.ts';
import { askSchema, settingsSchema, type Ask, type Heard } from './messages.ts';

/**
 * The recogniser's process: an utterance takes a free decoder, or a new one, and gives it back at
 * its end. How many utterances may be open at once is the engine's business.
 */

interface Utterance {
  readonly decoder: Decoder;
  /** Parts of one utterance are heard one after another. */
  last: Promise<unknown>;
}

const { modelDirectory } = settings(settingsSchema);
const free: Decoder[] = [await Decoder.create(modelDirectory)];
const utterances = new Map<number, Promise<Utterance>>();
let loading: Promise<unknown> = Promise.resolve();

/** Decoders load one at a time, because PocketSphinx sets up its log as it loads. */
function load(): Promise<Decoder> {
  const decoder = loading.then(() => Decoder.create(modelDirectory));
  loading = decoder.catch(() => undefined);
  return decoder;
}

async function begin(): Promise<Utterance> {
  const decoder = free.pop() ?? (await load());
  decoder.start();
  return { decoder, last: Promise.resolve() };
}

async function forget(sequence: number): Promise<void> {
  const open = utterances.get(sequence);
  utterances.delete(sequence);
  if (!open) return;
  const { decoder, last } = await open;
  await last;
  await decoder.finish();
  free.push(decoder);
}

async function hear(ask: Extract<Ask, { type: 'hear' }>): Promise<Heard> {
  if (ask.start) {
    void forget(ask.sequence);
    utterances.set(ask.sequence, begin());
  }
  const open = utterances.get(ask.sequence);
  if (!open) throw new Error('no such utterance');
  const utterance = await open;
  const heard = utterance.last.then(() => decode(utterance.decoder, ask));
  utterance.last = heard.catch(() => undefined);
  if (ask.end) {
    utterances.delete(ask.sequence);
    void utterance.last.then(() => free.push(utterance.decoder));
  }
  return heard;
}

async function decode(decoder: Decoder, ask: Extract<Ask, { type: 'hear' }>): Promise<Heard> {
  const began = performance.now();
  await decoder.hear(toInt16(ask.audio));
  const decoded = performance.now();
  const decodeMs = decoded - began;
  if (!ask.end) return { text: decoder.partial(), logprob: 0, decodeMs, finishMs: 0 };
  const final = await decoder.finish();
  return { ...final, decodeMs, finishMs: performance.now() - decoded };
}

function toInt16(audio: Float32Array): Int16Array {
  return Int16Array.from(audio, (x) => Math.max(-32_768, Math.min(32_767, Math.round(x * 32_767))));
}

answerParent(askSchema, async (ask) => {
  if (ask.type === 'hear') return hear(ask);
  await forget(ask.sequence);
  return null;
});
