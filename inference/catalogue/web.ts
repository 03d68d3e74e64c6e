import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { CatalogueError } from './catalogue-error.ts';
import { addressInWords, fatalNetworkReason, statusProblem } from './web-problems.ts';

const MAX_REDIRECTS = 5;
const CONNECT_MS = 15_000;
const HEADERS_MS = 30_000;
/** A line over which nothing has come for so long is cut. */
const SILENCE_MS = 60_000;

/** Something that may well work when it is tried again. */
export class Transient extends Error {
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Transient';
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Asked {
  /** Byte to begin with. */
  readonly offset: number;
  /** The version that the bytes before it are of; the server sends everything if it has another. */
  readonly version?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  /** Byte that `body` begins with: what was asked for, or 0. */
  readonly start: number;
  /** Size of the whole file, where the server tells it. */
  readonly total: number | undefined;
  /** ETag or date of what the server sends, where it tells. */
  readonly version: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Fetches files over HTTP, through a proxy where one is set. */
export class Web implements AsyncDisposable {
  readonly #agent: Dispatcher;

  /** `proxy` goes before HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment. */
  constructor({ proxy }: { readonly proxy?: string | undefined } = {}) {
    const timeouts = {
      connect: { timeout: CONNECT_MS },
      headersTimeout: HEADERS_MS,
      bodyTimeout: SILENCE_MS,
    };
    this.#agent = new EnvHttpProxyAgent(
      proxy ? { ...timeouts, httpProxy: proxy, httpsProxy: proxy, noProxy: '' } : timeouts,
    );
  }

  /**
   * Asks for the rest of a file. Rejects with a Transient where another try may help, with a
   * CatalogueError where it cannot, with the signal's reason when that ends it. `restart`: the server
   * cannot go on from what is here.
   */
  async fetch(url: string, asked: Asked): Promise<Answer | 'restart'> {
    const { statusCode, headers, body } = await this.#follow(new URL(url), asked);
    const version = header(headers, 'etag') ?? header(headers, 'last-modified');
    const disguise = disguiseOf(headers);
    if (statusCode < 300 && disguise !== undefined) {
      await drop(body);
      throw new CatalogueError(
        'failed',
        `${addressInWords(new URL(url))}: the server sends ${disguise} instead of the file.`,
        'Look at what --mirror or the proxy serves; a network may want you to log in first.',
      );
    }
    if (statusCode === 200) {
      return { start: 0, total: wholeNumber(header(headers, 'content-length')), version, body };
    }
    if (statusCode === 206) {
      const [, start, total] =
        /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header(headers, 'content-range') ?? '') ?? [];
      const known = asked.version;
      const same = known === undefined || version === undefined || version === known;
      if (Number(start) === asked.offset && same) {
        return { start: asked.offset, total: wholeNumber(total), version: version ?? known, body };
      }
    }
    await drop(body);
    if (statusCode === 206 || statusCode === 416) return 'restart';
    const problem = statusProblem(statusCode, url);
    if (problem) throw problem;
    const pause = wholeNumber(header(headers, 'retry-after'));
    throw new Transient(
      `${new URL(url).host} answered ${statusCode}`,
      pause === undefined ? undefined : pause * 1000,
    );
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #follow(first: URL, asked: Asked): Promise<Dispatcher.ResponseData> {
    const path = [first];
    for (let url = first; ;) {
      const answer = await this.#ask(url, asked);
      const location = header(answer.headers, 'location');
      if (answer.statusCode < 300 || answer.statusCode > 399 || !location) return answer;
      await drop(answer.body);
      url = nextAddress(url, location, path);
      path.push(url);
    }
  }

  async #ask(url: URL, { offset, version, signal }: Asked): Promise<Dispatcher.ResponseData> {
    const ifRange = version !== undefined && !version.startsWith('W/') ? version : undefined;
    try {
      return await request(url, {
        dispatcher: this.#agent,
        signal,
        headers: {
          'user-agent': 'parley-models',
          // Sizes, ranges and hashes are those of the file itself.
          'accept-encoding': 'identity',
          ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
          ...(offset > 0 && ifRange ? { 'if-range': ifRange } : {}),
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      throw networkProblem(error, url);
    }
  }
}

/** What an error of a connection means for the person waiting. */
export function networkProblem(error: unknown, url: URL): Error {
  const words = error instanceof Error ? error.message : String(error);
  const reason = fatalNetworkReason(error);
  if (reason === undefined)
    return new Transient(`${url.host}: ${words}`, undefined, { cause: error });
  return new CatalogueError('failed', `${addressInWords(url)}: ${words}`, reason, { cause: error });
}

function nextAddress(from: URL, location: string, path: readonly URL[]): URL {
  const to = URL.parse(location, from);
  const words = `${addressInWords(from)} sends us on to ${to ? addressInWords(to) : location}`;
  const remedy =
    'Somebody between here and the publisher is set up wrongly; --mirror names another.';
  if (to?.protocol !== 'https:' && (to?.protocol !== 'http:' || from.protocol === 'https:')) {
    throw new CatalogueError('failed', `${words}, which is not a safe address.`, remedy);
  }
  if (path.some((passed) => passed.href === to.href)) {
    throw new CatalogueError('failed', `${words}, in a circle.`, remedy);
  }
  if (path.length > MAX_REDIRECTS) {
    throw new CatalogueError('failed', `${words}, and so on without end.`, remedy);
  }
  return to;
}

/** What a server sends when it does not send the file as it is. */
function disguiseOf(headers: Dispatcher.ResponseData['headers']): string | undefined {
  if (header(headers, 'content-type')?.startsWith('text/html')) return 'a web page';
  const coding = header(headers, 'content-encoding');
  return coding === undefined || coding === 'identity' ? undefined : `something packed (${coding})`;
}

/** A body that nobody reads is let go, whatever becomes of it. */
async function drop(body: Dispatcher.ResponseData['body']): Promise<void> {
  try {
    await body.dump();
  } catch {
    // The connection is gone, which is what was wanted.
  }
}

function header(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
