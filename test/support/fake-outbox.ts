import type { EventData, EventName, NewConsumer, Stamp } from '../../server/protocol/events.ts';
import type { Outbox, PlainEvent } from '../../server/rooms/ports.ts';

/** A participant's page that remembers all it was told and takes every track at once. */
export class FakeOutbox implements Outbox {
  /** Every event in order, by name; offers as `newConsumer`. */
  readonly log: { readonly event: EventName; readonly data: unknown; readonly stamp: Stamp }[] = [];
  /** Tracks held now. */
  readonly tracks = new Map<string, NewConsumer>();
  /** When set, offers are answered only once this resolves. */
  gate: Promise<void> = Promise.resolve();

  /** Whether the server has hung up. */
  closed = false;

  emit<E extends PlainEvent>(event: E, data: EventData<E>, stamp: Stamp): void {
    this.log.push({ event, data, stamp });
    if (event === 'consumerClosed' && isClosed(data)) this.tracks.delete(data.consumerId);
    if (event === 'mediaReset') this.tracks.clear();
  }

  async offer(consumer: NewConsumer, stamp: Stamp): Promise<void> {
    this.log.push({ event: 'newConsumer', data: consumer, stamp });
    this.tracks.set(consumer.consumerId, consumer);
    await this.gate;
  }

  close(): void {
    this.closed = true;
  }

  /** What came with every event of this name, in order. */
  all(event: EventName): readonly unknown[] {
    return this.log.filter((entry) => entry.event === event).map((entry) => entry.data);
  }

  last(event: EventName): unknown {
    return this.all(event).at(-1);
  }

  /** What is received now: `peer` for an original, `peer>language` for a translation, `peer:camera`. */
  get hears(): readonly string[] {
    return [...this.tracks.values()]
      .map(({ peerId, track }) => {
        if (track.type === 'original') return peerId;
        return track.type === 'translation'
          ? `${peerId}>${track.language}`
          : `${peerId}:${track.type}`;
      })
      .sort();
  }
}

function isClosed(data: unknown): data is { consumerId: string } {
  return typeof data === 'object' && data !== null && 'consumerId' in data;
}
