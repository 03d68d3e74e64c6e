import { InferenceClient } from '../../../inference/protocol/client.ts';
import { InferenceError } from '../../../inference/protocol/inference-error.ts';
import { pause, systemClock } from '../../../media/clock.ts';
import { InferenceChild } from '../../support/inference-child.ts';
import { eventually } from '../../support/eventually.ts';
import { librivox } from '../../support/speech.ts';

const SPEAKERS = 4;
const PART = 8000;
const TIMEOUT_MS = 30_000;

/** The real inference process, kept as busy as it can be: nobody waits for speech to be spoken. */
export class BusyEngine implements AsyncDisposable {
  readonly #child: InferenceChild;
  readonly #client: InferenceClient;
  readonly #recordings = librivox();
  #sequences = 0;
  /** Utterances recognised, translated and spoken. */
  #utterances = 0;

  private constructor(child: InferenceChild, client: InferenceClient) {
    this.#child = child;
    this.#client = client;
  }

  static async start(): Promise<BusyEngine> {
    const child = await InferenceChild.start();
    const client = new InferenceClient(child.url, {
      timeoutMs: TIMEOUT_MS,
      healthTimeoutMs: TIMEOUT_MS,
    });
    const signal = new AbortController().signal;
    let ready = false;
    await eventually(() => {
      void client.ready(signal).then(
        (answer) => (ready = answer),
        () => undefined,
      );
      return ready;
    });
    return new BusyEngine(child, client);
  }

  /** Several speakers, utterance after utterance; resolves with how many there were. */
  async work(ms: number): Promise<number> {
    const before = this.#utterances;
    const deadline = systemClock.now() + ms;
    await Promise.all(
      Array.from({ length: SPEAKERS }, async (_, speaker) => {
        for (let turn = speaker; systemClock.now() < deadline; turn += 1) {
          await this.#utterance(turn, deadline);
        }
      }),
    );
    return this.#utterances - before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#child[Symbol.asyncDispose]();
  }

  async #utterance(turn: number, deadline: number): Promise<void> {
    const { signal } = new AbortController();
    const recording = this.#recordings[turn % this.#recordings.length];
    if (recording === undefined) throw new Error('no recordings');
    const { audio } = recording;
    const sequence = ++this.#sequences;
    const common = { sequence, source: 'en', targets: ['es'] };
    try {
      let end = false;
      for (let at = 0; !end; at += PART) {
        end = at + PART >= audio.length || systemClock.now() >= deadline;
        const part = audio.subarray(at, at + PART);
        const request = { ...common, start: at === 0, end, audio: part };
        const { translations } = await this.#client.speech(request, signal);
        const text = translations[0]?.committed ?? '';
        if (!end || text === '') continue;
        await this.#client.voice({ text, language: 'es', voice: 'male' }, signal);
        this.#utterances += 1;
      }
    } catch (error) {
      // More speakers than decoders: who is refused asks again, as the media process does.
      if (!(error instanceof InferenceError)) throw error;
      await pause(systemClock, 100, signal);
    }
  }
}
