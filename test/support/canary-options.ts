import type { CanaryOptions } from '../../inference/translate/options.ts';

/** Options of an engine for tests: one thread, and nothing said. */
export function canaryOptions(directory: string): CanaryOptions {
  return {
    logLevel: 'silent',
    directory,
    device: 'cpu',
    threads: 1,
    openUtterances: 32,
    waitingUtterances: 16,
    maxBatch: 4,
    maxUtteranceMs: 40_000,
    idleUtteranceMs: 30_000,
    rereadMs: 1000,
    onwardDeadlineMs: 5_000,
    waitDeadlineMs: 10_000,
    startDeadlineMs: 30_000,
    runDeadlineMs: 30_000,
    patienceMs: 10_000,
    backoffMs: 10,
    maxBackoffMs: 1000,
  };
}
