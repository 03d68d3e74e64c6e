import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { Limiter } from '../limiter.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { ApiOptions } from './options.ts';
import type { Scope } from './token-file.ts';

const WINDOW_MS = 60_000;
/** Tokens that one address may get wrong in a minute. */
const WRONG_TOKENS = 30;

export type AccessOptions = Pick<ApiOptions, 'requestsPerToken' | 'requestsAtOncePerToken'>;

/** A hook that lets a request through or rejects with a RequestError, before its body is read. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Who may use the API, for what, and how much of it at once. */
export class Access {
  readonly #tokens: ApiTokens;
  readonly #most: number;
  readonly #rate: Limiter;
  readonly #wrong = new Limiter({ points: WRONG_TOKENS, windowMs: WINDOW_MS });
  readonly #underWay = new Map<string, number>();

  constructor(tokens: ApiTokens, options: AccessOptions) {
    this.#tokens = tokens;
    this.#most = options.requestsAtOncePerToken;
    this.#rate = new Limiter({ points: options.requestsPerToken, windowMs: WINDOW_MS });
  }

  /** For holders of a token with this scope. */
  guard(scope: Scope): Guard {
    return async (request, reply) => {
      const [, shown = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      const token = await this.#tokens.verify(shown);
      if (token === undefined) {
        await this.#wrong.take(request.ip);
        reply.header('www-authenticate', 'Bearer');
        throw new RequestError('badToken', 'a valid API token is needed: Authorization: Bearer …');
      }
      if (!token.scopes.includes(scope)) {
        throw new RequestError('forbidden', `this token is not for '${scope}'`);
      }
      await this.#rate.take(token.id);
      this.#enter(token.id, reply);
    };
  }

  #enter(id: string, reply: FastifyReply): void {
    const running = this.#underWay.get(id) ?? 0;
    if (running >= this.#most) {
      throw new RequestError('rateLimited', 'too many requests at once with this token');
    }
    this.#underWay.set(id, running + 1);
    let over = false;
    const leave = (): void => {
      if (over) return;
      over = true;
      const left = (this.#underWay.get(id) ?? 1) - 1;
      if (left > 0) this.#underWay.set(id, left);
      else this.#underWay.delete(id);
    };
    reply.raw.once('close', leave);
    reply.raw.once('finish', leave);
  }
}
