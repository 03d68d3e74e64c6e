import type { Report } from '../../load/report.ts';

/** A report of a small load in which all went well, with what differs. */
export function reportWith(changes: Partial<Report> = {}): Report {
  return {
    version: 1,
    startedAt: '2026-11-21T14:00:00.000Z',
    way: 'webrtc',
    server: 'own',
    load: { rooms: 2, peers: 3, speakers: 1, languages: 2, minutes: 1 },
    machine: { cores: 2, processor: 'a processor', node: '24.0.0' },
    ended: 'over',
    seconds: 60,
    joins: { asked: 6, done: 6, ms: { count: 6, p50: 100, p95: 200, max: 250 } },
    firstVoiceMs: { count: 4, p50: 4_000, p95: 5_000, max: 5_000 },
    voiceMs: { count: 20, p50: 700, p95: 900, max: 1_000 },
    serverVoiceMs: 650,
    frames: { received: 9_990, late: 10, lost: 3, lateShare: 0.001 },
    phrases: { said: 20, heard: 19, captions: 20, heardShare: 0.95, captionsEach: 1 },
    refusals: {},
    faults: {},
    processes: [{ name: 'server', cpuMsPerSecond: 20, memoryBytes: 1e8 }],
    bots: { processes: 1, cpuMsPerSecond: 100, loopDelayMs: 5 },
    thresholds: [],
    series: {
      seconds: [
        { atMs: 1_000, present: 6, frames: 0, lateFrames: 0 },
        { atMs: 2_000, present: 6, frames: 200, lateFrames: 4 },
      ],
      joins: [{ atMs: 800, ms: 100 }],
      voices: [{ atMs: 1_900, ms: 700 }],
    },
    ...changes,
  };
}
