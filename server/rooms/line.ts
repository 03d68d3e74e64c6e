import { RequestError } from '../errors.ts';
import type { EventData, NewConsumer, Stamp } from '../protocol/events.ts';
import type { ClosingReason } from '../protocol/hosting.ts';
import type { Outbox, PlainEvent } from './ports.ts';

/**
 * The way to one participant's page, through every socket the page comes by. What is told while
 * there is none is lost: whoever comes back gets the whole state.
 */
export class Line {
  readonly #stamp: () => Stamp;
  #outbox: Outbox | undefined;

  constructor(stamp: () => Stamp) {
    this.#stamp = stamp;
  }

  get open(): boolean {
    return this.#outbox !== undefined;
  }

  /** A socket that was there gives way. */
  attach(outbox: Outbox): void {
    if (this.#outbox !== outbox) this.hangUp('elsewhere');
    this.#outbox = outbox;
  }

  /** Tells the page why and closes its socket. */
  hangUp(reason: ClosingReason): void {
    const outbox = this.#outbox;
    this.#outbox = undefined;
    outbox?.emit('closing', { reason }, this.#stamp());
    outbox?.close();
  }

  /** False when another socket has taken its place already. */
  detach(outbox: Outbox): boolean {
    if (this.#outbox !== outbox) return false;
    this.#outbox = undefined;
    return true;
  }

  tell<E extends PlainEvent>(event: E, data: EventData<E>): void {
    this.#outbox?.emit(event, data, this.#stamp());
  }

  /** Resolves when the browser is ready to receive; rejects when it is away or does not answer. */
  async offer(consumer: NewConsumer): Promise<void> {
    if (!this.#outbox) throw new RequestError('unavailable', 'the participant is away');
    await this.#outbox.offer(consumer, this.#stamp());
  }
}
