import type { MediaPorts } from '../../media/messages.ts';
import { RequestError } from '../../server/errors.ts';
import { ConsumerId, ProducerId, TransportId } from '../../server/protocol/ids.ts';
import type { RtpCapabilities, RtpParameters } from '../../server/protocol/rtp.ts';
import type {
  MediaLink,
  RouterEvents,
  Sfu,
  SfuConsumer,
  SfuProducer,
  SfuRouter,
  SfuTransport,
} from '../../server/sfu/ports.ts';

export const opusCapabilities: RtpCapabilities = {
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
    },
  ],
  headerExtensions: [],
};

export const vp8Capabilities: RtpCapabilities = {
  codecs: [
    ...(opusCapabilities.codecs ?? []),
    { kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 101, clockRate: 90_000 },
  ],
  headerExtensions: [],
};

/** A camera in three layers, as Chromium sends it. */
export const vp8Parameters: RtpParameters = {
  codecs: [
    { mimeType: 'video/VP8', payloadType: 101, clockRate: 90_000 },
    { mimeType: 'video/rtx', payloadType: 102, clockRate: 90_000, parameters: { apt: 101 } },
  ],
  encodings: [{ rid: 'r0' }, { rid: 'r1' }, { rid: 'r2' }],
};

export const opusParameters: RtpParameters = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1_234 }],
};

/** An open object of the fake, and what it was opened on: closing a parent closes its children. */
interface Node {
  readonly kind: 'router' | 'transport' | 'link' | 'producer' | 'consumer' | 'tap' | 'injector';
  readonly id: string;
  readonly parent: Node | undefined;
  /** For consumers and taps: the producer they copy. */
  readonly of: string | undefined;
  /** Of producers and consumers. */
  readonly media: 'audio' | 'video';
  paused: boolean;
  /** The largest layer a consumer is to get. */
  layer: number | undefined;
}

/** An SFU without media that keeps the rules of the real one: what a parent or producer closes is closed. */
export class FakeSfu implements Sfu {
  readonly rtpCapabilities = opusCapabilities;
  readonly #open = new Map<string, Node>();
  readonly #routers = new Map<Node, RouterEvents>();
  readonly #scored = new Map<string, (score: number) => void>();
  #nextId = 0;

  /** How many objects of a kind are open. */
  count(kind: Node['kind']): number {
    return [...this.#open.values()].filter((node) => node.kind === kind).length;
  }

  get openObjects(): number {
    return this.#open.size;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  isPaused(id: string): boolean | undefined {
    return this.#open.get(id)?.paused;
  }

  layerOf(id: string): number | undefined {
    return this.#open.get(id)?.layer;
  }

  async createRouter(events: RouterEvents): Promise<SfuRouter> {
    await Promise.resolve();
    const router = this.#add('router');
    this.#routers.set(router, events);
    return {
      createWebRtcTransport: (onClosed) => this.#createTransport(router, onClosed),
      openMediaLink: (ports) => this.#openLink(router, ports),
      close: () => {
        this.#routers.delete(router);
        this.#close(router.id);
      },
    };
  }

  /** Every worker dies. */
  loseRouters(): void {
    for (const [router, events] of [...this.#routers]) {
      this.#routers.delete(router);
      this.#close(router.id);
      events.onLost();
    }
  }

  /** The audio level observer of every router speaks up. */
  hear(levels: readonly { producerId: ProducerId; level: number }[]): void {
    for (const events of this.#routers.values()) events.onLevels(levels);
  }

  /** What arrives of a producer or consumer is scored anew, 0 to 10. */
  score(id: string, score: number): void {
    if (this.#open.has(id)) this.#scored.get(id)?.(score);
  }

  /** The browser ends a transport. */
  closeByBrowser: (transportId: string) => void = () => undefined;

  async #createTransport(router: Node, onClosed: () => void): Promise<SfuTransport> {
    await this.#alive(router);
    const transport = this.#add('transport', router);
    const earlier = this.closeByBrowser;
    this.closeByBrowser = (id) => {
      if (id !== transport.id) {
        earlier(id);
        return;
      }
      this.#close(id);
      onClosed();
    };
    const id = TransportId.parse(transport.id);
    return {
      id,
      info: {
        id,
        iceParameters: { usernameFragment: 'fragment', password: 'password', iceLite: true },
        iceCandidates: [],
        dtlsParameters: { role: 'auto', fingerprints: [] },
      },
      connect: () => this.#alive(transport),
      restartIce: async () => {
        await this.#alive(transport);
        return { usernameFragment: 'fresh', password: 'password', iceLite: true };
      },
      produce: async ({ kind, paused, onScore }) => {
        await this.#alive(transport);
        const producer = this.#add('producer', transport, { paused, media: kind });
        if (onScore) this.#scored.set(producer.id, onScore);
        return this.#producer(producer);
      },
      consume: async (producerId, _, onScore) => {
        await this.#alive(transport);
        this.#mustExist(producerId);
        const media = this.#open.get(producerId)?.media ?? 'audio';
        const consumer = this.#add('consumer', transport, { of: producerId, paused: true, media });
        if (onScore) this.#scored.set(consumer.id, onScore);
        return this.#consumer(consumer);
      },
      close: () => {
        this.#close(transport.id);
      },
    };
  }

  async #openLink(router: Node, ports: MediaPorts): Promise<MediaLink> {
    await this.#alive(router);
    const link = this.#add('link', router);
    return {
      tap: async (producerId) => {
        await this.#alive(link);
        this.#mustExist(producerId);
        // The media process takes nothing but Opus.
        if (this.#open.get(producerId)?.media === 'video')
          throw new RequestError('unsupported', 'a picture is not tapped');
        const tap = this.#add('tap', link, { of: producerId, paused: true });
        return {
          stream: { port: ports.rtpPort, ssrc: Number(tap.id.slice(4)), payloadType: 100 },
          resume: async () => {
            await this.#alive(tap);
            tap.paused = false;
          },
          close: () => {
            this.#close(tap.id);
          },
        };
      },
      inject: async () => {
        await this.#alive(link);
        const injector = this.#add('injector', link);
        return {
          producerId: ProducerId.parse(injector.id),
          stream: {
            port: ports.voicePort,
            ssrc: Number(injector.id.slice(9)),
            payloadType: 100,
          },
          close: () => {
            this.#close(injector.id);
          },
        };
      },
      close: () => {
        this.#close(link.id);
      },
    };
  }

  #producer(node: Node): SfuProducer {
    return {
      id: ProducerId.parse(node.id),
      ...this.#pausing(node),
      close: () => {
        this.#close(node.id);
      },
    };
  }

  #consumer(node: Node): SfuConsumer {
    return {
      id: ConsumerId.parse(node.id),
      kind: node.media,
      rtpParameters: node.media === 'audio' ? opusParameters : vp8Parameters,
      ...this.#pausing(node),
      preferLayer: async (spatial) => {
        await this.#alive(node);
        node.layer = spatial;
      },
      close: () => {
        this.#close(node.id);
      },
    };
  }

  #pausing(node: Node) {
    const set = async (paused: boolean) => {
      await this.#alive(node);
      node.paused = paused;
    };
    return { pause: () => set(true), resume: () => set(false) };
  }

  #add(
    kind: Node['kind'],
    parent?: Node,
    rest: Partial<Pick<Node, 'of' | 'paused' | 'media'>> = {},
  ) {
    const id = `${kind}-${this.#nextId++}`;
    const { of, paused = false, media = 'audio' } = rest;
    const node: Node = { kind, id, parent, of, media, paused, layer: undefined };
    this.#open.set(node.id, node);
    return node;
  }

  #close(id: string): void {
    if (!this.#open.delete(id)) return;
    for (const node of [...this.#open.values()]) {
      if (node.parent?.id === id || node.of === id) this.#close(node.id);
    }
  }

  async #alive(node: Node): Promise<void> {
    await Promise.resolve();
    if (!this.#open.has(node.id)) throw new RequestError('unavailable', `${node.id} is closed`);
  }

  #mustExist(id: string): void {
    if (!this.#open.has(id)) throw new RequestError('unavailable', `${id} is closed`);
  }
}
