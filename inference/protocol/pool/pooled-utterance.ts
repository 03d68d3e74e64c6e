import { InferenceError } from '../inference-error.ts';
import {
  SPEECH_RATE,
  type SpeechRequest,
  type SpeechResult,
  type Translation,
} from '../task-models.ts';
import type { Endpoint } from './endpoint.ts';
import { Leg, type OtherEndpoint } from './leg.ts';

/** Kept to be heard by another endpoint; longer than what any engine takes. */
const LONGEST_SECONDS = 60;

export interface UtteranceWays {
  /** Where an utterance is best begun; undefined where nothing can take it. */
  readonly begin: (request: Pick<SpeechRequest, 'source' | 'targets'>) => Endpoint | undefined;
  /** Why nothing can. */
  readonly nobody: () => InferenceError;
  readonly other: OtherEndpoint;
  /** Which of these targets an endpoint translates into. */
  readonly served: (
    endpoint: Endpoint,
    request: Pick<SpeechRequest, 'source' | 'targets'>,
  ) => readonly string[];
}

const LOST: Translation = { committed: '', tentative: '', lost: true };

/**
 * One utterance on its way through a pool: heard by one endpoint, or where none translates into all of
 * its targets by several, the first of which writes the transcript.
 */
export class PooledUtterance {
  readonly #ways: UtteranceWays;
  readonly #heard: Float32Array[] = [];
  #samples = 0;
  readonly #legs: Leg[] = [];
  /** The leg of each target. */
  readonly #legOf = new Map<string, Leg>();

  constructor(ways: UtteranceWays) {
    this.#ways = ways;
  }

  /** Rejects with an InferenceError, or the signal's reason. */
  async hear(request: SpeechRequest, signal: AbortSignal | undefined): Promise<SpeechResult> {
    this.#keep(request.audio);
    this.#share(request);
    const [first, ...others] = this.#legs;
    if (first === undefined) throw this.#ways.nobody();
    const [main, ...rest] = await Promise.all([
      this.#ask(first, request, signal),
      ...others.map((leg) => this.#ask(leg, request, signal).catch(nothingOf)),
    ]);
    const said = new Map<string, Translation>();
    for (const [index, result] of [main, ...rest].entries()) {
      const targets = this.#targetsOf(this.#legs[index], request);
      for (const [at, target] of targets.entries()) {
        said.set(target, result?.translations[at] ?? LOST);
      }
    }
    return { ...main, translations: request.targets.map((target) => said.get(target) ?? LOST) };
  }

  abandon(request: SpeechRequest, signal: AbortSignal | undefined): void {
    for (const leg of this.#legs) leg.abandon({ ...request, targets: [] }, signal);
  }

  close(): void {
    for (const leg of this.#legs) leg.close();
  }

  #ask(leg: Leg, request: SpeechRequest, signal: AbortSignal | undefined): Promise<SpeechResult> {
    const targets = this.#targetsOf(leg, request);
    return leg.hear({ ...request, targets }, this.#heard, signal);
  }

  #targetsOf(leg: Leg | undefined, { targets }: SpeechRequest): readonly string[] {
    return targets.filter((target) => this.#legOf.get(target) === leg);
  }

  /** Gives each new target to a leg that serves it, or to a new one. What nobody serves is lost. */
  #share(request: SpeechRequest): void {
    const { source, targets } = request;
    let missing = targets.filter((target) => !this.#legOf.has(target));
    for (const leg of this.#legs) missing = this.#give(leg, request, missing);
    while (missing.length > 0 || this.#legs.length === 0) {
      const endpoint = this.#ways.begin({ source, targets: missing });
      if (endpoint === undefined) return;
      const leg = new Leg(endpoint, this.#ways.other);
      const rest = this.#give(leg, request, missing);
      if (rest.length === missing.length && this.#legs.length > 0) return;
      this.#legs.push(leg);
      missing = rest;
    }
  }

  /** What is then still missing. */
  #give(leg: Leg, request: SpeechRequest, missing: readonly string[]): string[] {
    const served = this.#ways.served(leg.endpoint, { ...request, targets: missing });
    for (const target of served) this.#legOf.set(target, leg);
    return missing.filter((target) => !served.includes(target));
  }

  #keep(audio: Float32Array): void {
    this.#samples += audio.length;
    if (this.#samples > LONGEST_SECONDS * SPEECH_RATE) {
      throw new InferenceError('badRequest', `longer than ${LONGEST_SECONDS} s`);
    }
    this.#heard.push(audio);
  }
}

/** What fails on its own is lost; the others can be given. */
function nothingOf(): undefined {
  return undefined;
}
