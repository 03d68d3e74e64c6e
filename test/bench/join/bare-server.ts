import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createWorker } from 'mediasoup';
import type {
  DtlsParameters,
  Producer,
  Router,
  RtpCapabilities,
  RtpParameters,
  WebRtcTransport,
} from 'mediasoup/types';
import { build } from 'vite';
import { z } from 'zod';
import { routerCodecs } from '../../../server/sfu/codecs.ts';
import { workerBinary } from '../../../server/sfu/worker/location.ts';

const HOST = '127.0.0.1';
const PAGE = join(import.meta.dirname, 'bare-page.ts');

/** mediasoup checks what it is given. */
const unchecked = <T>() => z.custom<T>((value) => typeof value === 'object');
const Connect = z.object({
  transportId: z.string(),
  dtlsParameters: unchecked<DtlsParameters>(),
});
const Produce = z.object({ transportId: z.string(), rtpParameters: unchecked<RtpParameters>() });
const Consume = z.object({
  transportId: z.string(),
  rtpCapabilities: unchecked<RtpCapabilities>(),
});
const Resume = z.object({ consumerId: z.string() });

/**
 * The least that is a meeting on mediasoup: one room, one page that sends its microphone and plays
 * whoever spoke first, and requests as JSON over HTTP. No names, no languages, no translation.
 */
export class BareServer implements AsyncDisposable {
  readonly url: string;
  readonly #resources: AsyncDisposableStack;

  private constructor(url: string, resources: AsyncDisposableStack) {
    this.url = url;
    this.#resources = resources;
  }

  static async create(): Promise<BareServer> {
    await using resources = new AsyncDisposableStack();
    const workerBin = workerBinary();
    const worker = await createWorker({ logLevel: 'error', ...(workerBin && { workerBin }) });
    resources.defer(async () => {
      const ended = once(worker, 'subprocessclose');
      worker.close();
      await ended;
    });
    const room = new BareRoom(await worker.createRouter({ mediaCodecs: routerCodecs }));
    const script = await bundle();
    const http = createServer((request, response) => {
      const { method, url } = request;
      if (method === 'POST') {
        answer(room, request).then(
          (body) => response.end(JSON.stringify(body)),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
      } else if (url === '/page.js') {
        response.setHeader('content-type', 'text/javascript').end(script);
      } else {
        response.setHeader('content-type', 'text/html');
        response.end(
          '<!doctype html><title>Bare</title><body><script type="module" src="/page.js"></script>',
        );
      }
    });
    http.listen(0, HOST);
    await once(http, 'listening');
    resources.defer(() => {
      http.closeAllConnections();
      http.close();
    });
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new BareServer(`http://localhost:${address.port}`, resources.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

class BareRoom {
  readonly #router: Router;
  readonly #transports = new Map<string, WebRtcTransport>();
  readonly #resumes = new Map<string, () => Promise<void>>();
  /** Whoever spoke first. */
  #speaker: Producer | undefined;

  constructor(router: Router) {
    this.#router = router;
  }

  get capabilities() {
    return this.#router.rtpCapabilities;
  }

  async open() {
    const transport = await this.#router.createWebRtcTransport({
      listenInfos: [{ protocol: 'udp', ip: HOST }],
    });
    this.#transports.set(transport.id, transport);
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  async connect({ transportId, dtlsParameters }: z.infer<typeof Connect>) {
    await this.#transport(transportId).connect({ dtlsParameters });
    return {};
  }

  async produce({ transportId, rtpParameters }: z.infer<typeof Produce>) {
    const producer = await this.#transport(transportId).produce({ kind: 'audio', rtpParameters });
    this.#speaker ??= producer;
    return { id: producer.id };
  }

  async consume({ transportId, rtpCapabilities }: z.infer<typeof Consume>) {
    const producerId = this.#speaker?.id;
    if (producerId === undefined) return null;
    const transport = this.#transport(transportId);
    const consumer = await transport.consume({ producerId, rtpCapabilities, paused: true });
    this.#resumes.set(consumer.id, () => consumer.resume());
    const { id, kind, rtpParameters } = consumer;
    return { id, producerId, kind, rtpParameters };
  }

  async resume({ consumerId }: z.infer<typeof Resume>) {
    await this.#resumes.get(consumerId)?.();
    return {};
  }

  #transport(id: string): WebRtcTransport {
    const transport = this.#transports.get(id);
    if (transport === undefined) throw new Error(`no transport ${id}`);
    return transport;
  }
}

async function answer(room: BareRoom, request: IncomingMessage): Promise<unknown> {
  const body = await json(request);
  switch (request.url) {
    case '/capabilities':
      return room.capabilities;
    case '/open':
      return room.open();
    case '/connect':
      return room.connect(Connect.parse(body));
    case '/produce':
      return room.produce(Produce.parse(body));
    case '/consume':
      return room.consume(Consume.parse(body));
    case '/resume':
      return room.resume(Resume.parse(body));
    default:
      throw new Error(`no request ${request.url ?? ''}`);
  }
}

/** The page's program with mediasoup-client in it, as Parley's pages are built. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: PAGE },
    },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('the page was not built');
  return built.output[0].code;
}
