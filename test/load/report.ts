import { z } from 'zod';

/** Grows when a field changes its meaning or goes. */
export const REPORT_VERSION = 1;

/** Something that took so many milliseconds, and when it was over, both since the load began. */
export const Moment = z.object({ atMs: z.number(), ms: z.number() });
export type Moment = Readonly<z.infer<typeof Moment>>;

const Durations = z.object({
  count: z.int(),
  p50: z.number(),
  p95: z.number(),
  max: z.number(),
});
export type Durations = Readonly<z.infer<typeof Durations>>;

/** What one process of Parley used, or several of a kind together. */
export const ProcessCost = z.object({
  /** server, sfu (the media workers), media, inference (with the programs it runs). */
  name: z.string(),
  cpuMsPerSecond: z.number(),
  memoryBytes: z.number(),
});
export type ProcessCost = Readonly<z.infer<typeof ProcessCost>>;

/** What one second was like. */
const Second = z.object({
  atMs: z.number(),
  /** Bots in their meetings. */
  present: z.int(),
  frames: z.number(),
  lateFrames: z.number(),
});
export type Second = Readonly<z.infer<typeof Second>>;

export const Report = z.object({
  version: z.literal(REPORT_VERSION),
  /** ISO 8601. */
  startedAt: z.string(),
  way: z.enum(['webrtc', 'rtp']),
  /** `own`: a server started for this load. */
  server: z.string(),
  load: z.object({
    rooms: z.int(),
    peers: z.int(),
    speakers: z.int(),
    languages: z.int(),
    minutes: z.number(),
  }),
  machine: z.object({ cores: z.int(), processor: z.string(), node: z.string() }),
  /** `over`: it ran as long as it was asked to. */
  ended: z.enum(['over', 'interrupted', 'crew lost']),
  seconds: z.number(),
  /** Bots that were to come, and that came. */
  joins: z.object({ asked: z.int(), done: z.int(), ms: Durations.nullable() }),
  /** From opening the link to the first translated sound, which somebody must first have said. */
  firstVoiceMs: Durations.nullable(),
  /** From the last sound of a phrase, as it is sent, to the first of its translation, as it is heard. */
  voiceMs: Durations.nullable(),
  /** Mean of what the media process itself measured, end of speech to first translated packet. */
  serverVoiceMs: z.number().nullable(),
  /** Of 20 ms. Late: made up by a receiver because they came late or never. Lost: never came. */
  frames: z.object({
    received: z.number(),
    late: z.number(),
    lost: z.number(),
    lateShare: z.number().nullable(),
  }),
  /** Counted once for each listener who is asked what they heard. */
  phrases: z.object({
    /** Said while somebody was asked, and over. */
    said: z.int(),
    heard: z.int(),
    captions: z.int(),
    heardShare: z.number().nullable(),
    captionsEach: z.number().nullable(),
  }),
  /** By where and why, such as `join: rateLimited`. */
  refusals: z.record(z.string(), z.int()),
  /** Connections lost, media that had to be built anew, tracks that could not be taken. */
  faults: z.record(z.string(), z.int()),
  /** While everybody was in. */
  processes: z.array(ProcessCost),
  /** Of the processes that make the load: where it is high, lateness is theirs. */
  bots: z.object({ processes: z.int(), cpuMsPerSecond: z.number(), loopDelayMs: z.number() }),
  thresholds: z.array(
    z.object({
      name: z.string(),
      limit: z.number(),
      value: z.number().nullable(),
      met: z.boolean(),
    }),
  ),
  series: z.object({
    seconds: z.array(Second),
    joins: z.array(Moment),
    voices: z.array(Moment),
  }),
});
export type Report = Readonly<z.infer<typeof Report>>;
