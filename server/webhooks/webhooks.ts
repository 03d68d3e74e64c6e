import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../log.ts';
import type { PeerId, Role, RoomId } from '../protocol/ids.ts';
import type { TranscriptSink } from '../rooms/minutes.ts';
import type { RoomObserver } from '../rooms/observer.ts';
import type { TranscriptLine } from '../transcripts/line.ts';
import { StartError } from '../errors.ts';
import { Deliveries } from './deliveries.ts';
import type { WebhookEventName, WebhookOptions } from './options.ts';
import { readSigner } from './signature.ts';

/** Events of the last moments of a server still have so long to arrive. */
const GRACE_MS = 2_000;

/** Where events go out. */
export type Outgoing = Pick<Deliveries, 'send' | 'close' | 'counts' | 'pending'>;

type EventData = Readonly<Record<string, unknown>>;

/**
 * What happens in meetings, told to the operator's other programs. People appear by their ids; names
 * and words only in lines of those who agreed to have them kept.
 */
export class Webhooks implements RoomObserver {
  readonly #deliveries: Outgoing;
  readonly #wanted: ReadonlySet<WebhookEventName>;
  readonly #now: () => number;
  /** People in each room that has any. */
  readonly #people = new Map<RoomId, Set<PeerId>>();

  constructor(
    deliveries: Outgoing,
    wanted: readonly WebhookEventName[],
    now: () => number = Date.now,
  ) {
    this.#deliveries = deliveries;
    this.#wanted = new Set(wanted);
    this.#now = now;
  }

  joined(roomId: RoomId, peerId: PeerId, role: Role): void {
    const people = this.#people.get(roomId) ?? new Set();
    if (people.size === 0) this.#tell('room.opened', { meetingId: roomId });
    this.#people.set(roomId, people.add(peerId));
    this.#tell('participant.joined', { meetingId: roomId, participantId: peerId, role });
  }

  left(roomId: RoomId, peerId: PeerId): void {
    const people = this.#people.get(roomId);
    if (!people?.delete(peerId)) return;
    this.#tell('participant.left', { meetingId: roomId, participantId: peerId });
    if (people.size > 0) return;
    this.#people.delete(roomId);
    this.#tell('room.ended', { meetingId: roomId });
  }

  /** The sink, and lines that go into it told. Without a sink nobody was asked, and nothing is told. */
  listening(sink: TranscriptSink | undefined): TranscriptSink | undefined {
    if (!sink || !this.#wanted.has('transcript.line')) return sink;
    return {
      state: (roomId) => sink.state(roomId),
      write: (roomId, line) => {
        sink.write(roomId, line);
        if (sink.state(roomId) === 'on') this.#line(roomId, line);
      },
    };
  }

  /** Adds the figures of deliveries. */
  register(registry: Registry): void {
    const deliveries = this.#deliveries;
    new Counter({
      name: 'parley_server_webhooks_total',
      help: 'Events sent to webhooks, by how it ended; retried: tries after which another followed.',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        this.reset();
        const { delivered, givenUp, dropped, retried } = deliveries.counts;
        this.inc({ outcome: 'delivered' }, delivered);
        this.inc({ outcome: 'given_up' }, givenUp);
        this.inc({ outcome: 'dropped' }, dropped);
        this.inc({ outcome: 'retried' }, retried);
      },
    });
    new Gauge({
      name: 'parley_server_webhooks_pending',
      help: 'Events on their way to webhooks.',
      registers: [registry],
      collect() {
        this.set(deliveries.pending);
      },
    });
  }

  async close(): Promise<void> {
    await this.#deliveries.close(GRACE_MS);
  }

  #line(roomId: RoomId, line: TranscriptLine): void {
    this.#tell('transcript.line', { meetingId: roomId, ...line });
  }

  #tell(type: WebhookEventName, data: EventData): void {
    if (!this.#wanted.has(type)) return;
    const at = this.#now();
    const timestamp = new Date(at).toISOString();
    this.#deliveries.send(JSON.stringify({ type, timestamp, data }), at);
  }
}

/** Undefined where nobody is to be told. Rejects with a StartError when there is no good secret. */
export async function createWebhooks(
  options: WebhookOptions,
  log: Logger,
): Promise<Webhooks | undefined> {
  if (options.urls.length === 0) return undefined;
  if (options.secretFile === '') {
    throw new StartError(
      'PARLEY_WEBHOOKS_URLS needs PARLEY_WEBHOOKS_SECRET_FILE. See docs/api.md.',
    );
  }
  const signer = await readSigner(options.secretFile);
  return new Webhooks(new Deliveries({ options, signer, log }), options.events);
}
