import { isDeepStrictEqual } from 'node:util';
import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { EndpointFigures } from '../../inference/protocol/pool/endpoint.ts';
import type { ModelsAt } from '../../inference/protocol/pool/models-at.ts';
import type {
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { EngineState } from '../messages.ts';
import type { MediaOptions } from '../options.ts';
import type { ConnectModels, EngineClient, RecoveringEngine, Report, TextEngine } from './ports.ts';

export type EngineWatcherOptions = Pick<
  MediaOptions,
  'enginePollMs' | 'engineFailedMs' | 'engineRecoveryMs'
>;

/** Until an engine has told its name. */
const UNNAMED = 'engine';

/** One place of the engine and everything that ends with it. */
interface Connection {
  readonly at: ModelsAt;
  readonly client: EngineClient;
  readonly closing: AbortController;
  readonly watching: Promise<void>;
}

/**
 * Keeps an eye on the engine: reports when it starts, is ready, and has failed, and stands in for
 * it towards the speakers, so that an engine that restarts or moves is still the same to them.
 */
export class EngineWatcher implements RecoveringEngine, TextEngine {
  readonly #connect: ConnectModels;
  readonly #clock: Clock;
  readonly #options: EngineWatcherOptions;
  readonly #report: Report;
  #connection: Connection | undefined;
  #state: EngineState | undefined;
  /** What the engine can do may have changed. */
  #stale = false;
  /** Aborted to look again at once. */
  #resting = new AbortController();
  readonly #hoping = new Set<AbortController>();

  constructor(connect: ConnectModels, clock: Clock, options: EngineWatcherOptions, report: Report) {
    this.#connect = connect;
    this.#clock = clock;
    this.#options = options;
    this.#report = report;
  }

  /** Watches the engine there from now on, and no other. */
  async use(at: ModelsAt): Promise<void> {
    if (this.#follows(at)) return;
    await this.close();
    this.#state = undefined;
    const client = this.#connect(at, () => {
      this.#learn();
    });
    const closing = new AbortController();
    this.#connection = { at, client, closing, watching: this.#watch(client, closing.signal) };
  }

  /** How each of several engines fares; empty where there is one. */
  get endpoints(): readonly EndpointFigures[] {
    return this.#connection?.client.figures ?? [];
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.#client().speech(request, signal);
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#client().voice(request, signal);
  }

  async text(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    return this.#client().text(request, signal);
  }

  async identify(request: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    return this.#client().identify(request, signal);
  }

  async recovered(signal: AbortSignal): Promise<void> {
    const hope = new AbortController();
    this.#hoping.add(hope);
    this.#resting.abort();
    await pause(
      this.#clock,
      this.#options.engineRecoveryMs,
      AbortSignal.any([signal, hope.signal]),
    );
    this.#hoping.delete(hope);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    connection.closing.abort();
    await connection.watching;
    await connection.client.close();
  }

  #client(): EngineClient {
    if (this.#connection !== undefined) return this.#connection.client;
    throw new InferenceError('unavailable', 'no engine yet');
  }

  /** Where only the engine of this machine has moved, what goes on elsewhere does not end. */
  #follows({ url, elsewhere }: ModelsAt): boolean {
    const { at, client } = this.#connection ?? {};
    if (client?.follow === undefined || !isDeepStrictEqual(elsewhere, at?.elsewhere)) return false;
    if (url !== undefined) client.follow(url);
    return true;
  }

  /** Looks at once, also for what the engine can do. */
  #learn(): void {
    this.#stale = true;
    this.#resting.abort();
  }

  async #watch(client: EngineClient, signal: AbortSignal): Promise<void> {
    let lastSeen = this.#clock.now();
    while (!signal.aborted) {
      const found = await this.#look(client, signal);
      if (found !== undefined) lastSeen = this.#clock.now();
      const state = found ?? this.#unreachable(this.#clock.now() - lastSeen);
      if (this.#connection?.client === client) this.#tell(state);
      this.#resting = new AbortController();
      const until = AbortSignal.any([signal, this.#resting.signal]);
      await pause(this.#clock, this.#options.enginePollMs, until);
    }
  }

  /** Undefined when the engine does not answer. */
  async #look(client: EngineClient, signal: AbortSignal): Promise<EngineState | undefined> {
    try {
      const isReady = await client.ready(signal);
      if (isReady && this.#state?.state === 'ready' && !this.#stale) return this.#state;
      this.#stale = false;
      const { engine: name, ...abilities } = await client.languages(signal);
      return isReady ? { state: 'ready', name, ...abilities } : { state: 'starting', name };
    } catch {
      // Not listening yet, gone, or not an engine: all the same until it answers.
      return undefined;
    }
  }

  #unreachable(forMs: number): EngineState {
    const state = forMs >= this.#options.engineFailedMs ? 'failed' : 'starting';
    return { state, name: this.#name };
  }

  get #name(): string {
    return this.#state?.name ?? UNNAMED;
  }

  #tell(state: EngineState): void {
    if (state.state === 'ready') for (const hope of this.#hoping) hope.abort();
    if (isDeepStrictEqual(state, this.#state)) return;
    this.#state = state;
    this.#report({ type: 'engine-state', ...state });
  }
}
