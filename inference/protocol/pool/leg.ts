import { InferenceError } from '../inference-error.ts';
import type { IncrementalText, SpeechRequest, SpeechResult } from '../task-models.ts';
import { Continuation } from './continuation.ts';
import type { Endpoint } from './endpoint.ts';

/** The next endpoint for an utterance, other than those; undefined where there is none. */
export type OtherEndpoint = (
  request: Pick<SpeechRequest, 'source' | 'targets'>,
  than: Endpoint,
) => Endpoint | undefined;

/** What of an utterance goes to one endpoint. */
export type LegRequest = Omit<SpeechRequest, 'audio' | 'start'>;

/**
 * An utterance, or the part of its targets that one endpoint serves. It stays there; when that fails,
 * another endpoint is given everything so far, once.
 */
export class Leg {
  readonly #other: OtherEndpoint;
  #endpoint: Endpoint;
  /** How much of the audio the endpoint has, in parts. */
  #sent = 0;
  #open = false;
  #moved = false;
  /** Why nothing comes of it any more. */
  #failed: Error | undefined;
  readonly #texts = new Map<string, Continuation>();

  constructor(endpoint: Endpoint, other: OtherEndpoint) {
    this.#endpoint = endpoint;
    this.#other = other;
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** `heard`: all parts so far. Rejects with an InferenceError, or the signal's reason. */
  async hear(
    request: LegRequest,
    heard: readonly Float32Array[],
    signal: AbortSignal | undefined,
  ): Promise<SpeechResult> {
    if (this.#failed !== undefined) throw this.#failed;
    const isFirst = this.#sent === 0;
    try {
      return this.#told(await this.#send(request, heard, signal), request);
    } catch (error) {
      const other = this.#elsewhere(error, request, isFirst);
      if (signal?.aborted || other === undefined) return this.#fail(error);
      this.#moveTo(other);
    }
    try {
      return this.#told(await this.#send(request, heard, signal), request);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** The endpoint may forget the utterance; whether it listens does not matter. */
  abandon(request: LegRequest, signal: AbortSignal | undefined): void {
    if (!this.#open) return;
    const nothing = { ...request, start: false, audio: new Float32Array(0) };
    this.#endpoint
      .ask('speech', (client, until) => client.speech(nothing, until), signal)
      .catch(() => undefined);
    this.close();
  }

  /** Nothing more is said to the endpoint. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#endpoint.utterances -= 1;
  }

  async #send(
    request: LegRequest,
    heard: readonly Float32Array[],
    signal: AbortSignal | undefined,
  ): Promise<SpeechResult> {
    const start = this.#sent === 0;
    const audio = joined(heard.slice(this.#sent));
    this.#sent = heard.length;
    this.#openHere();
    const whole = { ...request, start, audio };
    const result = await this.#endpoint.ask(
      'speech',
      (client, until) => client.speech(whole, until),
      signal,
    );
    if (request.end) this.close();
    return result;
  }

  #moveTo(other: Endpoint): void {
    this.close();
    this.#endpoint.takenOver();
    this.#endpoint = other;
    this.#moved = true;
    this.#sent = 0;
    for (const text of this.#texts.values()) text.readAnew();
  }

  #fail(error: unknown): never {
    this.close();
    this.#failed = error instanceof Error ? error : new Error('aborted', { cause: error });
    throw error;
  }

  #openHere(): void {
    if (this.#open) return;
    this.#open = true;
    this.#endpoint.utterances += 1;
  }

  /**
   * Who goes on after an error. A later part that is called a bad request may be one of a sequence that
   * got lost, where an address stands for several servers or for one that restarted.
   */
  #elsewhere(error: unknown, request: LegRequest, isFirst: boolean): Endpoint | undefined {
    if (this.#moved || !(error instanceof InferenceError)) return undefined;
    switch (error.code) {
      case 'unavailable':
      case 'overloaded':
        return this.#other(request, this.#endpoint);
      case 'badRequest':
        return isFirst ? undefined : (this.#other(request, this.#endpoint) ?? this.#endpoint);
      case 'failed':
        return undefined;
    }
  }

  #told(result: SpeechResult, { targets, end }: LegRequest): SpeechResult {
    const tell = (name: string, reading: IncrementalText): IncrementalText => {
      const text = this.#texts.get(name) ?? new Continuation();
      this.#texts.set(name, text);
      return text.tell(reading, end);
    };
    return {
      ...result,
      transcript: tell('', result.transcript),
      translations: result.translations.map((translation, index) => ({
        ...translation,
        ...tell(targets[index] ?? '', translation),
      })),
    };
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const audio = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    audio.set(part, offset);
    offset += part.length;
  }
  return audio;
}
