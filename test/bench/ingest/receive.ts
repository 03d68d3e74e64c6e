import { monotonicMs } from './protocol.ts';
import type { Delivery, ReceiverJob, ReceiverReport } from './protocol.ts';

/** Sets up the streams and tells the port of each; `deliver` is called with samples that are ready. */
type Open = (
  job: ReceiverJob,
  deliver: (stream: number, samples: number) => void,
) => Promise<readonly number[]>;

const tell = (report: ReceiverReport): void => {
  process.send?.(report);
};

/** The frame of a receiver: takes its job, reports what was delivered when asked, and ends. */
export async function receive(open: Open): Promise<void> {
  const job = await new Promise<ReceiverJob>((resolve) => {
    process.once('message', resolve);
  });
  const deliveries = Array.from({ length: job.streams }, (): Delivery[] => []);
  const totals = new Float64Array(job.streams);
  const ports = await open(job, (stream, samples) => {
    totals[stream] = (totals[stream] ?? 0) + samples;
    deliveries[stream]?.push({ at: monotonicMs(), samples: totals[stream] ?? 0 });
  });
  process.on('disconnect', () => process.exit(0));
  process.on('message', () => {
    tell({ type: 'delivered', deliveries });
  });
  tell({ type: 'ready', ports });
}
