import { InferenceError } from '../inference-error.ts';
import { nothingSaid } from '../nothing-said.ts';
import type { ModelName } from '../served-tasks.ts';
import type { InferenceClient } from '../client.ts';
import type {
  EngineLanguages,
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../task-models.ts';
import {
  recognises,
  speaks,
  tellsApart,
  together,
  translatesSpeech,
  translatesTexts,
  type Abilities,
} from './abilities.ts';
import { cheaperOfTwo } from './choice.ts';
import { Endpoint, type EndpointFigures } from './endpoint.ts';
import type { PoolOptions } from './options.ts';
import { PooledUtterance } from './pooled-utterance.ts';

export interface PoolParts {
  /** Base addresses. */
  readonly urls: readonly string[];
  /** An engine of this machine for when none of these can; more may be said of it by `follow`. */
  readonly fallback?: string | undefined;
  readonly token?: string | undefined;
  readonly options: PoolOptions;
  /** An endpoint came, went, or learned something. */
  readonly onChange: () => void;
}

/** Whether an endpoint can do something. */
type Serves = (abilities: Abilities) => boolean;

/**
 * Several servers of the task models as one: each piece of work goes to one that can do it and costs
 * least, and once more to another when that cannot be reached or is full. What none can do is refused
 * by whichever is there.
 */
export class InferencePool implements AsyncDisposable {
  readonly #parts: PoolParts;
  readonly #endpoints: readonly Endpoint[];
  readonly #utterances = new Map<number, { utterance: PooledUtterance; idle: NodeJS.Timeout }>();
  #fallback: Endpoint | undefined;
  #leaving: Promise<void> = Promise.resolve();

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#endpoints = [...new Set(parts.urls)].map((url) => {
      const { host, pathname } = new URL(url);
      return this.#endpoint(url, host + pathname.replace(/\/+$/, ''), false);
    });
    if (parts.fallback !== undefined) this.follow(parts.fallback);
  }

  /** The engine of this machine is at this address now; what it was doing is done elsewhere. */
  follow(url: string): void {
    const old = this.#fallback;
    this.#fallback = this.#endpoint(url, 'local', true);
    if (old !== undefined) this.#leaving = this.#leaving.then(() => old.close());
  }

  get figures(): readonly EndpointFigures[] {
    return this.#all.map(({ figures }) => figures);
  }

  /** A part of an utterance, which stays where it was begun. */
  async speech(request: SpeechRequest, signal?: AbortSignal): Promise<SpeechResult> {
    const { sequence, start, end } = request;
    const open = this.#utterances.get(sequence);
    this.#forget(sequence);
    if (start || request.abandoned)
      open?.utterance.abandon({ ...request, abandoned: true }, signal);
    if (request.abandoned) return nothingSaid(request);
    const utterance = start ? this.#begin() : open?.utterance;
    if (utterance === undefined) {
      throw new InferenceError('badRequest', `sequence ${sequence} has not been started`);
    }
    try {
      const result = await utterance.hear(request, signal);
      if (!end) this.#keep(sequence, utterance);
      return result;
    } catch (error) {
      utterance.close();
      throw error;
    }
  }

  async voice(request: VoiceRequest, signal?: AbortSignal): Promise<VoiceResult> {
    const serves: Serves = (abilities) => speaks(abilities, request.language);
    return this.#once('voice', serves, (client, until) => client.voice(request, until), signal);
  }

  async text(request: TextRequest, signal?: AbortSignal): Promise<TextResult> {
    const serves: Serves = (abilities) => translatesTexts(abilities, request);
    return this.#once('text', serves, (client, until) => client.text(request, until), signal);
  }

  async identify(request: IdentifyRequest, signal?: AbortSignal): Promise<IdentifyResult> {
    const ask = (client: InferenceClient, until: AbortSignal) => client.identify(request, until);
    return this.#once('language', tellsApart, ask, signal);
  }

  /** What all that are there, or were lately, can do together. */
  languages(): Promise<EngineLanguages> {
    const known = this.#all.flatMap(({ abilities }) => abilities ?? []);
    const isAnyoneThere = this.#all.some(({ health }) => health !== 'silent');
    if (known.length > 0 && isAnyoneThere) return Promise.resolve(together(known));
    return Promise.reject(new InferenceError('unavailable', 'no endpoint answers'));
  }

  /** Whether any endpoint is. */
  ready(): Promise<boolean> {
    return Promise.resolve(this.#all.some(({ health }) => health === 'ready'));
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    for (const sequence of [...this.#utterances.keys()]) this.#forget(sequence);
    await this.#leaving;
    await Promise.all(this.#all.map((endpoint) => endpoint.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #all(): readonly Endpoint[] {
    return this.#fallback === undefined ? this.#endpoints : [...this.#endpoints, this.#fallback];
  }

  #endpoint(url: string, name: string, isFallback: boolean): Endpoint {
    const { token, options, onChange } = this.#parts;
    // The token is for others.
    const secret = isFallback ? undefined : token;
    return new Endpoint({ url, name, isFallback, token: secret, options, onChange });
  }

  /** Does it at one endpoint, or else at a second. */
  async #once<T>(
    model: ModelName,
    serves: Serves,
    work: (client: InferenceClient, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const first = this.#pick(model, serves) ?? this.#refusing(model, serves);
    if (first === undefined) throw this.#nobody();
    try {
      return await first.ask(model, work, signal);
    } catch (error) {
      if (signal?.aborted || !(error instanceof InferenceError)) throw error;
      const isTheirs = error.code === 'unavailable' || error.code === 'overloaded';
      const second = isTheirs ? this.#pick(model, serves, first) : undefined;
      if (second === undefined) throw error;
      first.takenOver();
      return second.ask(model, work, signal);
    }
  }

  #begin(): PooledUtterance {
    return new PooledUtterance({
      nobody: () => this.#nobody(),
      served: ({ abilities }, { source, targets }) =>
        targets.filter((target) => abilities && translatesSpeech(abilities, { source, target })),
      begin: (asked) => {
        const candidates = this.#candidates((abilities) => recognises(abilities, asked.source));
        const reached = candidates.map(({ abilities }) => reach(abilities, asked));
        const best = candidates.filter((_, index) => reached[index] === Math.max(...reached));
        const known: Serves = (abilities) => recognises(abilities, asked.source);
        return cheapest('speech', best) ?? this.#refusing('speech', known);
      },
      other: (asked, than) =>
        this.#pick('speech', (abilities) => reach(abilities, asked) === asked.targets.length, than),
    });
  }

  #pick(model: ModelName, serves: Serves, than?: Endpoint): Endpoint | undefined {
    return cheapest(model, this.#candidates(serves, than));
  }

  /** Those that can be given something now; the engine of this machine where no other can. */
  #candidates(serves: Serves, than?: Endpoint): readonly Endpoint[] {
    const able = this.#all.filter(
      (endpoint) =>
        endpoint !== than && endpoint.usable && endpoint.abilities && serves(endpoint.abilities),
    );
    const others = able.filter(({ isFallback }) => !isFallback);
    return others.length > 0 ? others : able;
  }

  #nobody(): InferenceError {
    if (this.#all.some(({ full }) => full)) {
      return new InferenceError('overloaded', 'too much waits for every endpoint');
    }
    return new InferenceError('unavailable', 'no endpoint is there for it');
  }

  /** Who says what is wrong with what no endpoint can do, were all of them there. */
  #refusing(model: ModelName, serves: Serves): Endpoint | undefined {
    if (this.#all.some(({ abilities }) => abilities && serves(abilities))) return undefined;
    return this.#pick(model, () => true);
  }

  #keep(sequence: number, utterance: PooledUtterance): void {
    const idle = setTimeout(() => {
      this.#forget(sequence);
      utterance.close();
    }, this.#parts.options.idleMs).unref();
    this.#utterances.set(sequence, { utterance, idle });
  }

  #forget(sequence: number): void {
    clearTimeout(this.#utterances.get(sequence)?.idle);
    this.#utterances.delete(sequence);
  }
}

/** How many of the targets an endpoint reaches; -1 where it does not hear the language. */
function reach(
  abilities: Abilities | undefined,
  { source, targets }: Pick<SpeechRequest, 'source' | 'targets'>,
): number {
  if (abilities === undefined || !recognises(abilities, source)) return -1;
  return targets.filter((target) => translatesSpeech(abilities, { source, target })).length;
}

function cheapest(model: ModelName, endpoints: readonly Endpoint[]): Endpoint | undefined {
  return cheaperOfTwo(endpoints, (endpoint) => endpoint.cost(model));
}
