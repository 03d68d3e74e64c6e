import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { nanoid } from 'nanoid';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger };

/** The id of the request that is being answered. */
const answering = new AsyncLocalStorage<string>();

/**
 * The process's logger: readable on a terminal, one JSON object a line elsewhere. Speech, names and
 * tokens are never handed to it; rooms appear by a tag. Each line tells the request it belongs to.
 */
export function createLogger(name: string, level: string, to?: DestinationStream): Logger {
  const options = { name, level, mixin: requestOf };
  if (to) return pino(options, to);
  return process.stdout.isTTY
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
      })
    : pino(options);
}

/** Names a meeting in logs. Its id lets people in, so it is never logged itself. */
export function roomTag(roomId: string): string {
  return createHash('sha256').update(roomId).digest('hex').slice(0, 8);
}

/** Does what a request asks for: whatever is logged meanwhile, or set off by it, bears its id. */
export function inRequest<T>(id: string, work: () => T): T {
  return answering.run(id, work);
}

/** The id of the request that is being answered here. */
export function currentRequest(): string | undefined {
  return answering.getStore();
}

function requestOf(): { readonly request?: string } {
  const request = currentRequest();
  return request === undefined ? {} : { request };
}

const SANE_ID = /^[\w.:-]{1,64}$/;

/** The id that a proxy gave a request, if it is one to be written down, and otherwise a new one. */
export function requestId(request?: Pick<IncomingMessage, 'headers'>): string {
  const given = request?.headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : nanoid(12);
}
