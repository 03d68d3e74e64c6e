import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { nanoid } from 'nanoid';
import type { Logger } from '../log.ts';
import type { WebhookOptions } from './options.ts';
import type { Signer } from './signature.ts';

export type DeliveryOutcome = 'delivered' | 'givenUp' | 'dropped';

export type DeliveryOptions = Omit<WebhookOptions, 'secretFile' | 'events'>;

export interface DeliveriesParts {
  readonly options: DeliveryOptions;
  readonly signer: Signer;
  readonly log: Logger;
  /** 0 to below 1, for jitter. */
  readonly random?: () => number;
}

/** One event on its way to one address. */
interface Delivery {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly since: number;
}

/**
 * Events on their way to those who want them: signed, tried again with growing pauses until they are
 * taken (a status of 2xx), refused for good (410) or too old. Each goes its own way, so that they may
 * come in another order, and more than once. So many may be under way; what does not fit is dropped
 * and counted, because nothing that happens in a meeting waits for a receiver.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #agent: Agent;
  readonly #closing = new AbortController();
  readonly #counts: Record<DeliveryOutcome | 'retried', number> = {
    ...{ delivered: 0, givenUp: 0, dropped: 0, retried: 0 },
  };
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
    const { concurrency, timeoutMs } = parts.options;
    this.#agent = new Agent({
      connections: concurrency,
      ...{ connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
    });
  }

  get pending(): number {
    return this.#underWay.size;
  }

  /** Since the start. */
  get counts(): Readonly<Record<DeliveryOutcome | 'retried', number>> {
    return this.#counts;
  }

  /** Never throws and never waits. `at`: milliseconds since 1970. */
  send(body: string, at: number): void {
    const { urls, maxPending } = this.#parts.options;
    const id = `msg_${nanoid()}`;
    for (const url of urls) {
      if (this.#closing.signal.aborted || this.pending >= maxPending) {
        this.#counts.dropped += 1;
        continue;
      }
      const delivery = this.#deliver({ url, id, body, since: at });
      this.#underWay.add(delivery);
      void delivery.finally(() => this.#underWay.delete(delivery));
    }
  }

  /** What is still under way has `graceMs` to arrive. */
  async close(graceMs = 0): Promise<void> {
    if (graceMs > 0 && this.pending > 0) {
      const over = new AbortController();
      const late = setTimeout(graceMs, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([Promise.all(this.#underWay), late]);
      over.abort();
    }
    this.#closing.abort(new Error('the server is stopping'));
    await Promise.all(this.#underWay);
    await this.#agent.destroy();
  }

  /** Never rejects. */
  async #deliver(delivery: Delivery): Promise<void> {
    const { options, log, random = Math.random } = this.#parts;
    let pauseMs = options.firstRetryMs;
    for (;;) {
      const answer = await this.#try(delivery);
      if (answer === 'taken') {
        this.#counts.delivered += 1;
        return;
      }
      // Half to one and a half: receivers that were away are not all asked at one moment.
      const ms = pauseMs * (0.5 + random());
      const tooOld = Date.now() + ms - delivery.since > options.giveUpMs;
      if (answer === 'gone' || tooOld || this.#closing.signal.aborted) {
        this.#counts.givenUp += 1;
        const { host } = new URL(delivery.url);
        log.warn({ host, answer }, 'an event was given up: its receiver does not take it');
        return;
      }
      this.#counts.retried += 1;
      await setTimeout(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, options.longestRetryMs);
    }
  }

  /** `taken`, `gone` for good, or what else came of it. */
  async #try({ url, id, body }: Delivery): Promise<string> {
    const { signer, options } = this.#parts;
    const late = AbortSignal.timeout(options.timeoutMs);
    try {
      // Redirects are not followed: where events go is set here and nowhere else.
      const answer = await request(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Parley-Webhooks',
          ...signer.sign(id, Date.now(), body),
        },
        dispatcher: this.#agent,
        signal: AbortSignal.any([late, this.#closing.signal]),
      });
      await answer.body.dump();
      if (answer.statusCode >= 200 && answer.statusCode < 300) return 'taken';
      return answer.statusCode === 410 ? 'gone' : `status ${answer.statusCode}`;
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'unreachable';
    }
  }
}
