import { pino } from 'pino';
import { z } from 'zod';
import { connectModels } from '../inference/protocol/pool/connect.ts';
import { tracingOff, tracingOptionsSchema } from '../inference/protocol/tracing/options.ts';
import { currentSpan, traceOf } from '../inference/protocol/tracing/span.ts';
import { systemClock } from './clock.ts';
import { Control } from './control.ts';
import type { Command, MediaToServer } from './messages.ts';
import { MediaOptions } from './options.ts';
import { MediaProcess } from './process.ts';

/** An engine busy starting may take its time to say so. */
const HEALTH_TIMEOUT_MS = 2000;

/**
 * The media process: forked by the server with its options as JSON in the one argument, commanded
 * over IPC. It ends when told to or when the server is gone.
 */
const { tracing, ...own } = z
  .looseObject({ tracing: tracingOptionsSchema.default(tracingOff) })
  .parse(JSON.parse(process.argv[2] ?? '{}'));
const options = MediaOptions.parse(own);
const log = pino({
  name: 'media',
  level: options.logLevel,
  mixin: () => traceOf(currentSpan()),
  ...(process.stdout.isTTY && { transport: { target: 'pino-pretty' } }),
});

const send = (message: MediaToServer): void => {
  if (process.connected) process.send?.(message);
};

// Ctrl-C reaches the whole process group; when to stop is the server's decision.
process.on('SIGINT', () => undefined);

const timeouts = {
  timeoutMs: Math.max(options.speechTimeoutMs, options.voiceTimeoutMs, options.textTimeoutMs),
  healthTimeoutMs: HEALTH_TIMEOUT_MS,
};
const media = await MediaProcess.create({
  ...{ options, tracing },
  clock: systemClock,
  connectModels: (at, onChange) => connectModels(at, timeouts, onChange),
  report: send,
  onBroken: (error) => {
    log.fatal({ err: error }, 'cannot go on');
    process.exit(1);
  },
  log,
});
const control = new Control({
  handle: (command, request) => media.handle(command, request),
  send,
  log,
});

process.on('message', (command: Command) => {
  const answered = control.accept(command);
  if (command.command.type !== 'shutdown') return;
  void answered.then(() => {
    log.info('stopped');
    process.disconnect();
  });
});
const end = (): void => {
  void media.close().then(() => process.exit(0));
};
process.on('disconnect', end);
process.on('SIGTERM', end);

// The server may have gone before anyone here was listening for that.
const isOrphan = process.send !== undefined && !process.connected;
if (isOrphan) {
  end();
} else {
  log.info(media.ports, 'ready');
  send({ type: 'ready', ...media.ports });
}
