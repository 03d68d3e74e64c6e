import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/**
 * The process's logger: readable on a terminal, one JSON object a line elsewhere. Speech, names and
 * tokens are never handed to it; rooms appear by a tag.
 */
export function createLogger(name: string, level: string): Logger {
  return process.stdout.isTTY
    ? pino({
        name,
        level,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
      })
    : pino({ name, level });
}

/** Names a meeting in logs. Its id lets people in, so it is never logged itself. */
export function roomTag(roomId: string): string {
  return createHash('sha256').update(roomId).digest('hex').slice(0, 8);
}
