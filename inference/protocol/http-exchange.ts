import { Agent, request as httpRequest } from 'undici';
import { z } from 'zod';
import { JSON_LENGTH_HEADER } from './infer-body.ts';
import { InferenceError, type InferenceErrorCode } from './inference-error.ts';

const errorBody = z.object({
  error: z.string(),
  code: z.enum(['badRequest', 'unavailable', 'overloaded', 'failed']).optional(),
});

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered {
  readonly status: number;
  readonly jsonLength: string | undefined;
  readonly body: Buffer;
}

/** HTTP with one server: its address, who we are, and what its statuses mean. */
export class HttpExchange {
  readonly #base: string;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #agent = new Agent();
  #closed = false;

  /** `url`: base of the server, without `/v2`. `token` goes before a password in it. */
  constructor(url: string, token: string | undefined) {
    const { origin, pathname, username, password } = new URL(url);
    this.#base = origin + pathname.replace(/\/+$/, '');
    this.#authorization = authorization({ username, password, token });
  }

  /** An answer of another status than 200 is an error. */
  async ask(path: string, asked: Asked): Promise<Answered> {
    const answer = await this.exchange(path, asked);
    if (answer.status === 200) return answer;
    const told = errorBody.safeParse(tryJson(answer.body));
    throw new InferenceError(
      told.data?.code ?? codeOf(answer.status),
      told.data?.error ?? `the model server answered with status ${answer.status}`,
    );
  }

  async exchange(path: string, asked: Asked): Promise<Answered> {
    const { timeoutMs, signal, headers, ...rest } = asked;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await httpRequest(this.#base + path, {
        ...rest,
        headers: { ...headers, ...this.#authorization },
        dispatcher: this.#agent,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const length = response.headers[JSON_LENGTH_HEADER];
      return {
        status: response.statusCode,
        jsonLength: typeof length === 'string' ? length : undefined,
        body: Buffer.from(await response.body.arrayBuffer()),
      };
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      if (timeout.aborted) {
        throw new InferenceError('failed', `no answer within ${timeoutMs} ms`, { cause });
      }
      throw new InferenceError('unavailable', 'the model server cannot be reached', { cause });
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#agent.destroy();
  }
}

function authorization(known: {
  readonly username: string;
  readonly password: string;
  readonly token: string | undefined;
}): Readonly<Record<string, string>> {
  const { username, password, token } = known;
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** For servers that say no code of ours. */
function codeOf(status: number): InferenceErrorCode {
  if (status === 429) return 'overloaded';
  if (status === 502 || status === 503) return 'unavailable';
  return status >= 400 && status < 500 ? 'badRequest' : 'failed';
}

export function tryJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
