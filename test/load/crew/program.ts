import type { FromCrew, Job, ToCrew } from './messages.ts';
import { RtpCrew } from './rtp-crew.ts';
import { Tallying } from './tallying.ts';
import type { Outlook } from './patience.ts';
import { WebRtcCrew } from './webrtc-crew.ts';
import type { Crew } from './webrtc-crew.ts';

/** A process that makes a part of the load: told what, it tells every second how it goes. */
const TELL_MS = 1_000;

const tallying = new Tallying();
const ending = new AbortController();
let crew: Crew | undefined;
let begun: Promise<void> = Promise.resolve();

// Ctrl-C reaches every process of a terminal; the tool decides what it means.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit(0));
process.on('message', (message: ToCrew) => {
  if (message.type === 'begin') begin(message.job);
  else void end();
});

function tell(message: FromCrew): void {
  if (process.connected) process.send?.(message);
}

function begin(job: Job): void {
  const outlook: Outlook = { tallying, over: ending.signal };
  const made = job.type === 'rtp' ? new RtpCrew(job, outlook) : new WebRtcCrew(job, outlook);
  crew = made;
  begun = made.begin().then(
    () => {
      tell({ type: 'tally', tally: tallying.take() });
      tell({ type: 'complete' });
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!ending.signal.aborted) tell({ type: 'impossible', message });
    },
  );
  setInterval(() => {
    void made
      .look()
      .catch(() => {
        tallying.fault('receivers could not be looked at');
      })
      .then(() => {
        tell({ type: 'tally', tally: tallying.take() });
      });
  }, TELL_MS);
}

async function end(): Promise<void> {
  ending.abort();
  await begun;
  await crew?.end();
  process.exit(0);
}
