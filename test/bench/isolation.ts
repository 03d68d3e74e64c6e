import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ProtocolServer } from '../../inference/protocol/server.ts';
import type { TaskModels } from '../../inference/protocol/task-models.ts';
import { nothing } from '../support/fake-inference.ts';
import { PAYLOAD_TYPE } from './ingest/protocol.ts';
import type { SenderJob, SenderReport } from './ingest/protocol.ts';
import { BusyEngine } from './isolation/busy-engine.ts';
import { WatchedMedia } from './isolation/watched-media.ts';
import { printTable, median } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const SPEAKERS = 8;
const ROUND_MS = 15_000;
const ROUNDS = 5;
const WARM_MS = 5000;

/** Answers at once and hears nothing: what the media process asks of it is the same on both sides. */
const silentModels: TaskModels = {
  languages: {
    engine: 'silent',
    recognises: ['en'],
    pairs: [{ source: 'en', target: 'es' }],
    texts: [],
    identifies: [],
  },
  ready: () => true,
  speech: (request) => Promise.resolve(nothing(request)),
  voice: () => Promise.resolve({ audio: new Float32Array(1600), sampleRate: 16_000 }),
  close: () => Promise.resolve(),
};

/** Eight people read to the media process without a pause, from a process of its own. */
async function startSpeech(media: WatchedMedia) {
  const sender = fork(join(import.meta.dirname, 'ingest/sender.ts'), {
    serialization: 'advanced',
    execArgv: [],
  });
  const exited = once(sender, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    sender.once('message', (report: SenderReport) => {
      if (report.type === 'ready') resolve(report.port);
      else reject(new Error('the sender is not ready'));
    });
  });
  for (let stream = 0; stream < SPEAKERS; stream += 1) {
    const speaker = String(stream);
    await media.command({
      type: 'open-speaker',
      speaker,
      stream: { port, ssrc: stream + 1, payloadType: PAYLOAD_TYPE },
      language: 'en',
      voice: { kind: 'male', variant: 0 },
    });
    await media.command({ type: 'set-targets', speaker, targets: [], transcript: true });
  }
  const packets = ((ROUNDS + 2) * 2 * (ROUND_MS + 2000) + WARM_MS) / 20;
  const ports = Array.from({ length: SPEAKERS }, () => media.rtpPort);
  sender.send({ ports, payloadType: PAYLOAD_TYPE, packets } satisfies SenderJob);
  return {
    [Symbol.asyncDispose]: async () => {
      sender.kill();
      await exited;
    },
  };
}

/**
 * Eight speakers are heard, cut and asked about throughout; an engine of the call itself works as
 * hard as it can, or not at all. Two processors for everything, the sender included.
 */
export const isolation: Benchmark = {
  name: 'isolation',
  summary:
    'p99 event-loop delay of the media process while the engine works, against when it rests',
  run: async () => {
    const listen = { host: '127.0.0.1', port: 0, maxBodyBytes: 16_000_000 };
    await using server = await ProtocolServer.create(silentModels, listen);
    await using engine = await BusyEngine.start();
    await using media = await WatchedMedia.start();
    await media.command({ type: 'engine', url: server.url });
    await using resources = new AsyncDisposableStack();
    resources.use(await startSpeech(media));
    await setTimeout(WARM_MS);
    const worst: { busy: number[]; idle: number[] } = { busy: [], idle: [] };
    const utterances: number[] = [];
    const measured = await takeTurns(
      {
        ours: async () => {
          await media.delay();
          utterances.push(await engine.work(ROUND_MS));
          const { p99Ms, maxMs } = await media.delay();
          worst.busy.push(maxMs);
          return p99Ms;
        },
        baseline: async () => {
          await setTimeout(1000);
          await media.delay();
          await setTimeout(ROUND_MS);
          const { p99Ms, maxMs } = await media.delay();
          worst.idle.push(maxMs);
          return p99Ms;
        },
      },
      ROUNDS,
    );
    printTable(
      ['event-loop delay (ms), timer of 1 ms included', 'p99', 'worst'],
      [
        ['engine at work', measured.ours, median(worst.busy)],
        ['engine at rest', measured.baseline, median(worst.idle)],
      ],
    );
    console.log(`The engine did ${median(utterances)} utterances in ${ROUND_MS / 1000} s.`);
    return { benchmark: 'isolation', ...measured, goal: 2, lowerIsBetter: true, unit: 'ms' };
  },
};
