import type { NewConsumer, ServerToClientEvents } from '../../server/protocol/events.ts';
import type { Outbox } from '../../server/rooms/ports.ts';

type EventName = Exclude<keyof ServerToClientEvents, 'newConsumer'>;

/** A participant's page that remembers all it was told and takes every track at once. */
export class FakeOutbox implements Outbox {
  /** Every event in order, by name; offers as `newConsumer`. */
  readonly log: { readonly event: keyof ServerToClientEvents; readonly data: unknown }[] = [];
  /** Tracks held now. */
  readonly tracks = new Map<string, NewConsumer>();
  /** When set, offers are answered only once this resolves. */
  gate: Promise<void> = Promise.resolve();

  emit<E extends EventName>(event: E, ...args: Parameters<ServerToClientEvents[E]>): void {
    const [data] = args;
    this.log.push({ event, data });
    if (event === 'consumerClosed' && isClosed(data)) this.tracks.delete(data.consumerId);
    if (event === 'mediaReset') this.tracks.clear();
  }

  async offer(consumer: NewConsumer): Promise<void> {
    this.log.push({ event: 'newConsumer', data: consumer });
    this.tracks.set(consumer.consumerId, consumer);
    await this.gate;
  }

  /** What came with every event of this name, in order. */
  all(event: keyof ServerToClientEvents): readonly unknown[] {
    return this.log.filter((entry) => entry.event === event).map((entry) => entry.data);
  }

  last(event: keyof ServerToClientEvents): unknown {
    return this.all(event).at(-1);
  }

  /** What is heard now: `peer` for an original, `peer>language` for a translation. */
  get hears(): readonly string[] {
    return [...this.tracks.values()]
      .map(({ peerId, track }) =>
        track.type === 'original' ? peerId : `${peerId}>${track.language}`,
      )
      .sort();
  }
}

function isClosed(data: unknown): data is { consumerId: string } {
  return typeof data === 'object' && data !== null && 'consumerId' in data;
}
