import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { decodeInferRequest, encodeInferResponse, JSON_LENGTH_HEADER } from './infer-body.ts';
import { InferenceError, type InferenceErrorCode } from './inference-error.ts';
import { MODELS, servedTasks, type ModelName, type ServedTask } from './served-tasks.ts';
import type { TaskModels } from './task-models.ts';
import { languageParameters } from './task-tensors.ts';
import { untraced, within, type Tracer } from './tracing/span.ts';
import { parseTraceparent, TRACE_HEADER } from './tracing/trace-context.ts';

export interface ProtocolServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Larger request bodies are refused with 413. */
  readonly maxBodyBytes: number;
  /** Text of `/metrics`. */
  readonly metrics?: () => Promise<string>;
  /** Goes on with the trace that a request is part of. */
  readonly tracer?: Tracer | undefined;
  /** Told of every infer request, as part of its span: its outcome is `ok` or an error code; `cancelled` by the asker. */
  readonly onInfer?: (infer: {
    readonly model: ModelName;
    readonly outcome: 'ok' | 'cancelled' | InferenceErrorCode;
    readonly durationMs: number;
  }) => void;
}

const STATUS: Record<InferenceErrorCode, number> = {
  badRequest: 400,
  unavailable: 503,
  overloaded: 503,
  failed: 500,
};

/** A refusal by the HTTP layer itself, before any model. */
class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves the task models over the Open Inference Protocol v2 with the binary tensor extension.
 * Closing it ends its connections; the models belong to whoever made them.
 */
export class ProtocolServer implements AsyncDisposable {
  readonly #models: TaskModels;
  readonly #tasks: ReturnType<typeof servedTasks>;
  readonly #options: ProtocolServerOptions;
  readonly #http: Server;

  private constructor(models: TaskModels, options: ProtocolServerOptions) {
    this.#models = models;
    this.#tasks = servedTasks(models);
    this.#options = options;
    this.#http = createServer((request, response) => {
      void this.#answer(request, response);
    });
    // Longer than clients keep idle sockets, so that none meets a closing one.
    this.#http.keepAliveTimeout = 75_000;
  }

  /** Rejects when the address cannot be bound. */
  static async create(models: TaskModels, options: ProtocolServerOptions): Promise<ProtocolServer> {
    const server = new ProtocolServer(models, options);
    server.#http.listen(options.port, options.host);
    await once(server.#http, 'listening');
    return server;
  }

  /** Base URL, with the port really bound. */
  get url(): string {
    const address = this.#http.address();
    if (address === null || typeof address === 'string') throw new Error('The server is closed.');
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}`;
  }

  async close(): Promise<void> {
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const status =
        error instanceof HttpError
          ? error.status
          : error instanceof InferenceError
            ? STATUS[error.code]
            : 500;
      // The code tells apart what shares a status; askers of other makers may ignore it.
      const code = error instanceof InferenceError ? { code: error.code } : {};
      const message = error instanceof Error ? error.message : 'unknown error';
      if (response.destroyed) return;
      // What is left of a refused body is not read.
      if (!request.complete) response.setHeader('connection', 'close');
      json(response, status, { error: message, ...code });
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const infer = /^\/v2\/models\/([^/]+)(?:\/versions\/[^/]+)?\/infer$/.exec(path);
    if (infer) {
      expectMethod(request, 'POST');
      await this.#infer(this.#task(infer[1]), request, response);
      return;
    }
    expectMethod(request, 'GET');
    const model = /^\/v2\/models\/([^/]+)(?:\/versions\/[^/]+)?(\/ready)?$/.exec(path);
    if (model) {
      const [name] = this.#task(model[1]);
      if (model[2] === undefined) json(response, 200, this.#metadata(name));
      else this.#readiness(response);
      return;
    }
    switch (path) {
      case '/v2':
        json(response, 200, {
          name: 'parley',
          version: '2',
          extensions: ['binary_tensor_data', 'sequence'],
        });
        return;
      case '/v2/health/live':
        json(response, 200, { live: true });
        return;
      case '/v2/health/ready':
        this.#readiness(response);
        return;
      case '/metrics':
        response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
        response.end(await (this.#options.metrics?.() ?? ''));
        return;
      default:
        throw new HttpError(404, `nothing at ${path}`);
    }
  }

  #task(name = ''): [ModelName, ServedTask] {
    const task = this.#tasks.get(name);
    if (task) return task;
    const known = [...this.#tasks.keys()].map((model) => `'${model}'`).join(', ');
    throw new HttpError(404, `no model '${name}'; there are ${known}`);
  }

  #metadata(name: ModelName): object {
    return {
      name,
      versions: ['1'],
      platform: 'parley',
      ...MODELS[name],
      parameters: languageParameters(this.#models.languages),
    };
  }

  #readiness(response: ServerResponse): void {
    const ready = this.#models.ready();
    json(response, ready ? 200 : 503, ready ? { ready } : { ready, error: 'models are loading' });
  }

  async #infer(
    [model, task]: [ModelName, ServedTask],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const began = performance.now();
    const asker = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) asker.abort();
    });
    const header = request.headers[TRACE_HEADER];
    const parent = typeof header === 'string' ? parseTraceparent(header) : undefined;
    const { tracer = untraced, onInfer } = this.#options;
    const span = tracer.begin(model, { parent, peer: 'asker' });
    let outcome: 'ok' | 'cancelled' | InferenceErrorCode = 'ok';
    try {
      const body = await readBody(request, this.#options.maxBodyBytes);
      const length = request.headers[JSON_LENGTH_HEADER];
      const asked = decodeInferRequest(body, typeof length === 'string' ? length : undefined);
      const outputs = await within(span, () => task(asked, asker.signal));
      const answer = encodeInferResponse(model, outputs, asked);
      response.writeHead(200, { ...answer.headers, 'content-length': answer.body.length });
      response.end(answer.body);
    } catch (error) {
      outcome = error instanceof InferenceError ? error.code : 'failed';
      if (error instanceof HttpError) outcome = 'badRequest';
      if (asker.signal.aborted) outcome = 'cancelled';
      throw error;
    } finally {
      span.end(outcome === 'ok' ? {} : { failed: outcome });
      const durationMs = performance.now() - began;
      within(span, () => onInfer?.({ model, outcome, durationMs }));
    }
  }
}

function expectMethod(request: IncomingMessage, method: 'GET' | 'POST'): void {
  if (request.method === method) return;
  throw new HttpError(400, `use ${method} here`);
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, `the body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new HttpError(400, 'the body must be bytes');
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function json(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
