import { z } from 'zod';

const milliseconds = z.int().positive();
const count = z.int().positive();

/** Options of the Canary engine. */
export const canaryOptionsSchema = z.object({
  logLevel: z.string(),
  /** Where the model's files are. */
  directory: z.string().min(1),
  /** `auto`: the graphics card where there is one, the processor elsewhere. */
  device: z.enum(['auto', 'cpu', 'cuda']),
  /** Whether prompts begin with a lone space; not said: as the model's family was exported. */
  leadingSpace: z.boolean().optional(),
  /** Threads of a run; 0: one for each core. */
  threads: z.int().nonnegative(),

  /** Utterances open at once; the next is refused. */
  openUtterances: count,
  /** Utterances that may wait to be heard; the next is refused. */
  waitingUtterances: count,
  /** Utterances heard in one run. */
  maxBatch: count,
  /** Longest utterance taken, at most 40 s: the model repeats itself beyond. */
  maxUtteranceMs: milliseconds.max(40_000),
  /** An utterance of which nothing was heard for so long is given up. */
  idleUtteranceMs: milliseconds,
  /** Pause between two readings of an utterance that is still being spoken. */
  rereadMs: milliseconds,
  /** What has not gone onward from English so long after it was heard is lost. */
  onwardDeadlineMs: milliseconds,
  /** An ended utterance that has waited for so long is given up. */
  waitDeadlineMs: milliseconds,

  /** A process that has not loaded the model by then is killed. */
  startDeadlineMs: milliseconds,
  /** A batch that has not been read by then, plus the duration of its audio, kills the process. */
  runDeadlineMs: milliseconds,
  /** How long a request waits for a process that is restarting. */
  patienceMs: milliseconds,
  backoffMs: milliseconds,
  maxBackoffMs: milliseconds,
});

export type CanaryOptions = z.infer<typeof canaryOptionsSchema>;
