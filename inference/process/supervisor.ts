import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { InferenceError } from '../protocol/inference-error.ts';

/** An operating-system process, or several that work as one. */
export interface Program {
  /** Settles when the program is gone, whatever ended it; never rejects. */
  readonly ended: Promise<void>;
  /** Whether it was killed because it no longer answered. */
  readonly hung: boolean;
  /** Ends it at once and for certain. */
  kill(): void;
}

export interface SupervisorOptions<P extends Program> {
  readonly name: string;
  /** Rejects when the program cannot start; ends it when the signal says so. */
  readonly start: (closing: AbortSignal) => Promise<P>;
  readonly log: Logger;
  /** Pause before the first restart; doubles with every quick death. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** How long someone waits for a program that is restarting before it counts as unavailable. */
  readonly patienceMs: number;
  readonly onRestart?: (name: string, why: 'ended' | 'hung') => void;
}

/**
 * Keeps one program running: starts it, starts it again when it dies, and never gives up. A program
 * that ran for longer than the longest pause is forgiven its earlier deaths.
 */
export class Supervisor<P extends Program> implements AsyncDisposable {
  readonly #options: SupervisorOptions<P>;
  readonly #closing = new AbortController();
  #next = Promise.withResolvers<P>();
  #program: P | undefined;
  #life: Promise<void> = Promise.resolve();

  private constructor(options: SupervisorOptions<P>) {
    this.#options = options;
  }

  /** Begins to start the program; `current` waits for it. */
  static start<P extends Program>(options: SupervisorOptions<P>): Supervisor<P> {
    const supervisor = new Supervisor(options);
    supervisor.#life = supervisor.#run();
    return supervisor;
  }

  get running(): boolean {
    return this.#program !== undefined;
  }

  /** The running program, or the next one. Rejects with `unavailable` when patience runs out. */
  async current(): Promise<P> {
    if (this.#program) return this.#program;
    const { name, patienceMs } = this.#options;
    const waiting = new AbortController();
    try {
      return await Promise.race([
        this.#next.promise,
        delay(patienceMs, undefined, { signal: waiting.signal }).then(() => {
          throw new InferenceError('unavailable', `the ${name} is starting`);
        }),
      ]);
    } finally {
      waiting.abort();
    }
  }

  /**
   * Does `work` with the program. If the program dies under it, that is tried once more with the
   * next; work that outlives neither has `failed`.
   */
  async attempt<T>(work: (program: P) => Promise<T>): Promise<T> {
    const first = await this.current();
    try {
      return await work(first);
    } catch (error) {
      if (!(error instanceof InferenceError) || !error.retryable) throw error;
    }
    await first.ended;
    const second = await this.current();
    try {
      return await work(second);
    } catch (cause) {
      if (!(cause instanceof InferenceError) || !cause.retryable) throw cause;
      throw new InferenceError('failed', `the ${this.#options.name} died twice`, { cause });
    }
  }

  /** Ends the program for good; resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#program?.kill();
    await this.#life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    const { name, log, backoffMs, maxBackoffMs, onRestart } = this.#options;
    let quickDeaths = 0;
    this.#next.promise.catch(() => undefined);
    for (;;) {
      const { lived, hung } = await this.#oneLife();
      if (this.#closing.signal.aborted) break;
      quickDeaths = lived > maxBackoffMs ? 1 : quickDeaths + 1;
      const pause = Math.min(maxBackoffMs, backoffMs * 2 ** (quickDeaths - 1));
      log.warn({ program: name, hung, livedMs: Math.round(lived), pauseMs: pause }, 'restarting');
      onRestart?.(name, hung ? 'hung' : 'ended');
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
    this.#next.reject(new InferenceError('unavailable', `the ${name} is closed`));
  }

  /** Starts the program and waits for its end; says how long it lived, and whether it hung. */
  async #oneLife(): Promise<{ lived: number; hung: boolean }> {
    const { name, log, start } = this.#options;
    try {
      const program = await start(this.#closing.signal);
      const born = performance.now();
      if (this.#closing.signal.aborted) program.kill();
      this.#program = program;
      this.#next.resolve(program);
      await program.ended;
      this.#program = undefined;
      this.#next = Promise.withResolvers<P>();
      this.#next.promise.catch(() => undefined);
      return { lived: performance.now() - born, hung: program.hung };
    } catch (error) {
      if (!this.#closing.signal.aborted) log.error({ program: name, err: error }, 'cannot start');
      return { lived: 0, hung: false };
    }
  }
}
