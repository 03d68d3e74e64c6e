import { createEncoder, Application, Signal } from 'libopus-wasm';
import { defaults } from '../../config/defaults.ts';
import { Hearing } from '../../media/interpret/hearing.ts';
import { Metrics } from '../../media/metrics.ts';
import { SpeechDecoder } from '../../media/opus/decoder.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { audioPacket } from '../support/rtp-builder.ts';
import { as48k, librivox } from '../support/speech.ts';
import { logMelDistance } from './ingest/log-mel.ts';
import { median, printTable, quantile, spread } from './result.ts';
import type { Benchmark } from './result.ts';

const SEEDS = [1, 2, 3, 4, 5];
const LOSSES = [0.05, 0.1];
const JITTER_MS = 40;
const PACKET_MS = 20;
const FRAME = 320;

interface Network {
  readonly seed: number;
  readonly loss: number;
}

interface Run {
  readonly ours: number;
  readonly zeros: number;
  readonly recovered: number;
  readonly lost: number;
  /** Of each packet that came, from its arrival to its samples. */
  readonly waits: readonly number[];
}

/**
 * As Chromium codes a microphone at the bit rate our page asks for, once the receiver has reported
 * the loss: FEC is on and prepares for it.
 */
async function coded(audio: Float32Array, loss: number): Promise<readonly Uint8Array[]> {
  using encoder = await createEncoder({
    sampleRate: 48_000,
    channels: 1,
    frameSize: 960,
    application: Application.Voip,
    signal: Signal.Voice,
    bitrate: 64_000,
    complexity: 9,
    fec: true,
    packetLossPercent: loss * 100,
  });
  const loud = await as48k(audio);
  return Array.from({ length: Math.floor(loud.length / 960) }, (_, index) =>
    encoder.encodeFloat(loud.subarray(index * 960, (index + 1) * 960)),
  );
}

/** Which packets come, and when: independent losses, delays even from 0 to JITTER_MS. */
function arrivalsOf(count: number, { seed, loss }: Network): ReadonlyMap<number, number> {
  const random = seededRandom(seed);
  const arrivals = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const at = index * PACKET_MS + random() * JITTER_MS;
    // The first packet comes: streams begin where they are first heard.
    if (random() >= loss || index === 0) arrivals.set(index, at);
  }
  return arrivals;
}

async function hear(packets: readonly Uint8Array[], network: Network): Promise<Run> {
  using reference = await SpeechDecoder.create();
  const clean = new Float32Array(packets.length * FRAME);
  for (const [index, payload] of packets.entries()) {
    clean.set(reference.decode(payload) ?? new Float32Array(), index * FRAME);
  }
  const arrivals = arrivalsOf(packets.length, network);
  const ours = new Float32Array(clean.length);
  const clock = new FakeClock();
  using hearing = await Hearing.create(defaults.media, { metrics: new Metrics(clock), clock });
  hearing.start();
  const waits: number[] = [];
  const take = (frames: ReturnType<typeof hearing.advance>, now: number) => {
    for (const { position, samples, arrivedAt } of frames) {
      if (position + samples.length <= ours.length) ours.set(samples, position);
      waits.push(now - arrivedAt);
    }
  };
  const inOrder = [...arrivals].sort(([, a], [, b]) => a - b);
  let tick = 0;
  for (const [index, at] of inOrder) {
    // The pacer looks every 20 ms for what has waited long enough.
    for (; tick <= at; tick += PACKET_MS) take(hearing.advance(tick), tick);
    const fields = { sequence: index, timestamp: index * 960, payload: packets[index] };
    const { payload, ...rest } = fields;
    take(hearing.receive(audioPacket({ ...rest, ...(payload && { payload }), arrivedAt: at })), at);
  }
  take(hearing.stop(), tick);
  // Zero-filling decodes what came, all of it in time, and knows no concealment.
  using plain = await SpeechDecoder.create();
  const zeros = new Float32Array(clean.length);
  for (const [index, payload] of packets.entries()) {
    if (arrivals.has(index)) zeros.set(plain.decode(payload) ?? new Float32Array(), index * FRAME);
  }
  const { lost, recovered } = hearing.stats;
  return {
    ours: logMelDistance(clean, ours),
    zeros: logMelDistance(clean, zeros),
    lost,
    recovered,
    waits,
  };
}

export const loss: Benchmark = {
  name: 'loss',
  summary:
    'spectral error under 5 and 10 % loss and 40 ms jitter, against silence for lost packets',
  run: async () => {
    const ratios: number[] = [];
    const ours: number[] = [];
    const zeros: number[] = [];
    const rows: (string | number)[][] = [];
    for (const share of LOSSES) {
      const speech = await Promise.all(librivox().map(({ audio }) => coded(audio, share)));
      const runs = [];
      for (const seed of SEEDS) {
        const heard = [];
        for (const [index, packets] of speech.entries()) {
          heard.push(await hear(packets, { seed: seed * 100 + index, loss: share }));
        }
        ratios.push(sum(heard, 'ours') / sum(heard, 'zeros'));
        runs.push(...heard);
      }
      ours.push(sum(runs, 'ours') / runs.length);
      zeros.push(sum(runs, 'zeros') / runs.length);
      rows.push([
        `${share * 100} %`,
        sum(runs, 'ours') / runs.length,
        sum(runs, 'zeros') / runs.length,
        sum(runs, 'ours') / sum(runs, 'zeros'),
        sum(runs, 'recovered') / sum(runs, 'lost'),
        quantile(
          runs.flatMap(({ waits }) => waits),
          0.95,
        ),
      ]);
    }
    printTable(
      ['loss', 'ours (dB)', 'zeros (dB)', 'ratio', 'rebuilt by FEC', 'p95 wait (ms)'],
      rows,
    );
    return {
      benchmark: 'loss',
      ratio: ratios.reduce((total, ratio) => total + ratio, 0) / ratios.length,
      goal: 0.5,
      lowerIsBetter: true,
      ours: median(ours),
      baseline: median(zeros),
      unit: 'dB',
      rounds: ratios.length,
      spread: spread(ratios),
    };
  },
};

const sum = (runs: readonly Run[], figure: 'ours' | 'zeros' | 'lost' | 'recovered'): number =>
  runs.reduce((total, run) => total + run[figure], 0);
