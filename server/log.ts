import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/**
 * The process's logger: readable on a terminal, one JSON object a line elsewhere. Speech, names and
 * tokens are never handed to it; rooms and peers appear by id only.
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
