import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../errors.ts';
import { requireFree } from './addresses.ts';
import type { Endpoint } from './addresses.ts';
import { Turnserver } from './turnserver.ts';
import type { TurnserverOptions } from './turnserver.ts';

const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 10_000;
/** A process that ran so long is followed after the shortest delay again. */
const STABLE_MS = 30_000;

/**
 * A relay that is kept running: started, started again with growing delays when it ends, and ended
 * with this process, however this one ends.
 */
export class Coturn {
  readonly #options: TurnserverOptions;
  readonly #closing = new AbortController();
  #restarts = 0;
  #supervision: Promise<void> | undefined;

  private constructor(options: TurnserverOptions) {
    this.#options = options;
  }

  /** Resolves when it answers; rejects with a StartError that says what to do when it does not. */
  static async create(options: TurnserverOptions): Promise<Coturn> {
    for (const endpoint of endpoints(options)) await requireFree(endpoint);
    const coturn = new Coturn(options);
    const first = await coturn.#start().catch((cause: unknown) => {
      throw new StartError(
        `The relay does not start: ${cause instanceof Error ? cause.message : 'unknown'}. What it ` +
          'complained of is in the log; without --turn the server starts without a relay.',
        { cause },
      );
    });
    coturn.#supervision = coturn.#supervise(first);
    return coturn;
  }

  /** How often it had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#supervision;
  }

  async #start(): Promise<Turnserver> {
    return Turnserver.start(this.#options, this.#closing.signal);
  }

  async #supervise(first: Turnserver): Promise<void> {
    const { signal } = this.#closing;
    const { log } = this.#options;
    let delayMs = FIRST_RESTART_MS;
    let running: Turnserver | undefined = first;
    for (;;) {
      const since = Date.now();
      const reason = running ? await endOf(running, signal) : 'it did not start';
      if (signal.aborted) return;
      if (Date.now() - since > STABLE_MS) delayMs = FIRST_RESTART_MS;
      log.error({ process: 'turn', reason, delayMs }, 'the process ended; starting again');
      this.#restarts += 1;
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, LONGEST_RESTART_MS);
      running = await this.#start().catch(() => undefined);
    }
  }
}

/** Why it ended; stops it once `signal` is aborted. */
async function endOf(running: Turnserver, signal: AbortSignal): Promise<number | string> {
  const stop = (): void => {
    void running.stop();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await running.ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function endpoints({ listenAddresses, port, tls }: TurnserverOptions): readonly Endpoint[] {
  return listenAddresses.flatMap((address) => [
    { kind: 'udp', address, port, setting: 'PARLEY_TURN_PORT' },
    { kind: 'tcp', address, port, setting: 'PARLEY_TURN_PORT' },
    ...(tls
      ? [{ kind: 'tcp', address, port: tls.port, setting: 'PARLEY_TURN_TLS_PORT' } as const]
      : []),
  ]);
}
