import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { statSync } from 'node:fs';
import { eventually } from '../../../support/eventually.ts';

/** What a server does with the requests for one path; a plain file where nothing is said. */
export interface Manner {
  /** Breaks the connection after so many bytes of a body, once they are in this file, as many times. */
  cut?: { after: number; times: number; seenIn: string };
  /** Answers with these instead, one a request, then as usual. */
  statuses?: number[];
  headers?: Record<string, string>;
  /** Sends on to another path or address. */
  redirect?: string;
  /** Ignores ranges and sends everything. */
  rangeless?: boolean;
  /** Says no size beforehand. */
  sizeless?: boolean;
  etag?: string | undefined;
  /** Sends the first so many bytes and then nothing until `release` is called. */
  stall?: number;
}

/** A real HTTP server with files in memory, and the ill manners of real ones. */
export class ModelServer implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    this.#answer(request, response);
  });
  readonly files = new Map<string, Buffer>();
  readonly manners = new Map<string, Manner>();
  /** "GET /path" or "GET /path bytes=5-", in the order they came. */
  readonly requests: string[] = [];
  /** Bytes of bodies sent, all together. */
  sent = 0;
  #stalled: (() => void)[] = [];
  #onStall: (() => void)[] = [];

  static async start(): Promise<ModelServer> {
    const server = new ModelServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo;
    return address.port;
  }

  /** Resolves when a request has come to its `stall`. */
  async stalled(): Promise<void> {
    if (this.#stalled.length > 0) return;
    await new Promise<void>((resolve) => this.#onStall.push(resolve));
  }

  release(): void {
    for (const go of this.#stalled.splice(0)) go();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // A proxy gets the whole address.
    const path = new URL(request.url ?? '/', this.url).pathname;
    const { range } = request.headers;
    this.requests.push(`GET ${path}${range ? ` ${range}` : ''}`);
    const manner = this.manners.get(path) ?? {};
    const status = manner.statuses?.shift();
    if (status !== undefined) return void response.writeHead(status, manner.headers).end('no');
    if (manner.redirect) return void response.writeHead(302, { location: manner.redirect }).end();
    const file = this.files.get(path);
    if (!file) return void response.writeHead(404).end();
    this.#send(file, manner, request, response);
  }

  #send(file: Buffer, manner: Manner, request: IncomingMessage, response: ServerResponse): void {
    const etag = 'etag' in manner ? manner.etag : '"1"';
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const condition = request.headers['if-range'];
    const partial = offset > 0 && !manner.rangeless && (!condition || condition === etag);
    if (partial && offset >= file.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    }
    const body = partial ? file.subarray(offset) : file;
    response.writeHead(partial ? 206 : 200, {
      ...manner.headers,
      ...(etag ? { etag } : {}),
      ...(manner.sizeless ? {} : { 'content-length': body.length }),
      ...(partial ? { 'content-range': `bytes ${offset}-${file.length - 1}/${file.length}` } : {}),
    });
    const { cut } = manner;
    if (cut && cut.times > 0 && body.length > cut.after) {
      cut.times--;
      this.sent += cut.after;
      const reached = (partial ? offset : 0) + cut.after;
      response.write(body.subarray(0, cut.after));
      void eventually(() => sizeNow(cut.seenIn) >= reached).then(() => response.destroy());
      return;
    }
    const first = Math.min(manner.stall ?? body.length, body.length);
    response.write(body.subarray(0, first), () => {
      this.sent += first;
      const rest = () =>
        response.end(body.subarray(first), () => (this.sent += body.length - first));
      if (manner.stall === undefined) return void rest();
      this.#stalled.push(rest);
      for (const tell of this.#onStall.splice(0)) tell();
    });
  }
}

function sizeNow(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
