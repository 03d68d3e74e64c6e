import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into a process before its program: tells its event-loop delay when it is signalled. */
export interface DelayReport {
  readonly type: 'event-loop-delay';
  readonly p99Ms: number;
  readonly maxMs: number;
}

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('SIGUSR2', () => {
  const report: DelayReport = {
    type: 'event-loop-delay',
    p99Ms: delay.percentile(99) / 1e6,
    maxMs: delay.max / 1e6,
  };
  delay.reset();
  process.send?.(report);
});
