import { setTimeout as delay } from 'node:timers/promises';
import { InferenceClient } from '../protocol/client.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';
import type { SpeakingProgram } from './speaking-program.ts';

/** How often the sidecar is asked for a sign of life. */
const BEAT_MS = 500;
/** So many times without an answer, and it is taken to be gone: three seconds. */
const GONE_AFTER_BEATS = 6;

export interface RemoteSidecarOptions {
  /** Base of the sidecar's server. */
  readonly url: string;
  /** How long it may take to become ready. */
  readonly loadDeadlineMs: number;
}

/**
 * A sidecar that somebody else runs, such as docker/silero. It cannot be restarted from here: when it
 * gives no sign of life for three seconds, or leaves a request unanswered past its deadline, it counts
 * as gone until it is ready again.
 */
export class RemoteSidecar implements SpeakingProgram {
  readonly ended: Promise<void>;
  /** Subtags that it speaks. */
  readonly languages: readonly string[];
  readonly #client: InferenceClient;
  readonly #gone = new AbortController();
  #hung = false;

  private constructor(client: InferenceClient, languages: readonly string[]) {
    this.#client = client;
    this.languages = languages;
    this.ended = this.#watch();
  }

  /** Resolves when it is ready; rejects when it is not by the deadline, or with the signal's reason. */
  static async start(
    { url, loadDeadlineMs }: RemoteSidecarOptions,
    signal: AbortSignal,
  ): Promise<RemoteSidecar> {
    const client = new InferenceClient(url, {
      // What limits a request is its deadline.
      timeoutMs: 2 ** 31 - 1,
      healthTimeoutMs: BEAT_MS * GONE_AFTER_BEATS,
    });
    const tooLate = AbortSignal.any([signal, AbortSignal.timeout(loadDeadlineMs)]);
    try {
      while (!(await client.ready(tooLate))) await delay(BEAT_MS, undefined, { signal: tooLate });
      const languages = (await client.speaks(tooLate)) ?? [];
      if (languages.length > 0) return new RemoteSidecar(client, languages);
      throw new InferenceError('failed', 'the sidecar does not say which languages it speaks');
    } catch (cause) {
      await client.close();
      signal.throwIfAborted();
      if (!tooLate.aborted) throw cause;
      throw new InferenceError('unavailable', 'the sidecar did not become ready', { cause });
    }
  }

  get hung(): boolean {
    return this.#hung;
  }

  async speak(
    request: VoiceRequest,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<VoiceResult> {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await this.#client.voice(
        request,
        AbortSignal.any([signal, deadline, this.#gone.signal]),
      );
    } catch (cause) {
      signal.throwIfAborted();
      const late = deadline.aborted || this.#gone.signal.aborted;
      const error = late
        ? new InferenceError('unavailable', 'the sidecar does not answer', { cause })
        : cause;
      if (deadline.aborted) this.#hung = true;
      // A sidecar that cannot be reached is of no use until it is ready again.
      if (error instanceof InferenceError && error.retryable) this.kill();
      throw error;
    }
  }

  /** It is left alone; whoever runs it ends it. */
  kill(): void {
    this.#gone.abort();
  }

  /** Settles when it is gone. Counted in beats of ours, of which a process that is stopped has none. */
  async #watch(): Promise<void> {
    const { signal } = this.#gone;
    let silentBeats = 0;
    while (silentBeats < GONE_AFTER_BEATS) {
      await delay(BEAT_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const answered = await this.#client.ready(AbortSignal.timeout(BEAT_MS)).catch(() => false);
      silentBeats = answered ? 0 : silentBeats + 1;
    }
    this.#hung ||= !signal.aborted;
    this.kill();
    await this.#client.close();
  }
}
