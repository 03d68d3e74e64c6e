import { z } from 'zod';

const milliseconds = z.int().positive();
const count = z.int().positive();

/** Options of the inference process; the defaults are in config/defaults.ts. */
export const inferenceOptionsSchema = z.strictObject({
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  /** Address that the Open Inference Protocol is served on. */
  host: z.string().min(1),
  /** Its port; 0 lets the system choose. */
  port: z.int().min(0).max(65_535),
  /** Larger request bodies are refused. */
  maxBodyBytes: count,

  /** `auto`, `offline`, a speech model of the catalogue, or a folder with a model of Canary's form. */
  speech: z.string().min(1),
  /** `auto`: the identifier among the models; `off`; or the folder of one. */
  identify: z.string().min(1),
  /**
   * What takes English text of speech onward, and what people write: `auto` is the model of the
   * catalogue where it is here; or `off`, its name, or a folder with a model of M2M100's form.
   */
  text: z.string().min(1),
  /** `auto`, `espeak`, a voice of the catalogue, or a folder with a model of Supertonic's form. */
  voice: z.string().min(1),
  /** Folder of downloaded models; empty: below the user's data folder. See docs/models.md. */
  models: z.string(),

  /** Utterances decoded at the same time, each by a decoder of its own of about 170 MB. */
  decoders: count,
  /** Utterances that may wait for a decoder; the next is refused. */
  waitingUtterances: count,
  /** Longest utterance taken; its audio is kept until it ends. */
  maxUtteranceMs: milliseconds,
  /** An utterance of which nothing was heard for so long is given up. */
  idleUtteranceMs: milliseconds,
  /** Texts that may wait for one translator; the next is refused. */
  translatorQueue: count,
  /** Texts that may wait for the voice; the next is refused. */
  voiceQueue: count,

  /** A program that has not said that it is ready by then is killed. */
  startDeadlineMs: milliseconds,
  /** A recogniser that has not answered by then, plus the duration of the audio, is killed. */
  recogniserDeadlineMs: milliseconds,
  /** A translator that has not answered by then is killed. */
  translatorDeadlineMs: milliseconds,
  /** A voice that has not spoken a phrase by then is killed. */
  voiceDeadlineMs: milliseconds,
  /** How long a request waits for a program that is restarting. */
  patienceMs: milliseconds,
  /** Pause before a dead program's first restart; doubles with every quick death. */
  backoffMs: milliseconds,
  /** Longest pause before a restart. */
  maxBackoffMs: milliseconds,

  /** Canary, where it is the engine. */
  canary: z.strictObject({
    /** `auto`: the graphics card where there is one, the processor elsewhere. */
    device: z.enum(['auto', 'cpu', 'cuda']),
    /** Threads of a run; 0: one for each core. */
    threads: z.int().nonnegative(),
    /** Utterances heard in one run. */
    maxBatch: count,
    /** Longest utterance taken: the model repeats itself beyond 40 s. */
    maxUtteranceMs: milliseconds.max(40_000),
    /** Pause between two readings of an utterance that is still being spoken. */
    rereadMs: milliseconds,
    /** A batch that has not been read by then, plus the duration of its audio, kills the process. */
    runDeadlineMs: milliseconds,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: milliseconds,
  }),

  /** M2M100, where it translates texts. */
  m2m100: z.strictObject({
    /** Threads of a run; 0: one for each core. */
    threads: z.int().nonnegative(),
    /** What it has not translated so long after an utterance was heard is lost in that language. */
    utteranceDeadlineMs: milliseconds,
    /** A process that has not translated a sentence by then is killed. */
    runDeadlineMs: milliseconds,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: milliseconds,
  }),

  /** Supertonic, where it speaks. */
  supertonic: z.strictObject({
    /** `auto`: the graphics card where there is one, the processor elsewhere. */
    device: z.enum(['auto', 'cpu', 'cuda']),
    /** Threads of a run; 0: one for each core. */
    threads: z.int().nonnegative(),
    /** Runs of its largest graph for each phrase, 5 to 12: more sound better and take longer. */
    steps: z.int().min(1).max(32),
    /** How much faster than the model would by itself. */
    speed: z.number().min(0.5).max(2),
    /** Phrases that may wait; the next is left to another voice. */
    queue: count,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: milliseconds,
  }),

  /** Silero's voices, where there are any. See docs/models.md. */
  silero: z.strictObject({
    /** A Python that has torch. */
    python: z.string().min(1),
    /** Voices of the catalogue, or absolute paths of packages with `#` and their SHA-256. */
    models: z.array(z.string().min(1)),
    /** Base address of a sidecar that runs elsewhere and has its own models; empty: it is started here. */
    url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })], 'neither empty nor an address'),
  }),

  /** Debian's PocketSphinx model for US English. */
  pocketsphinxModel: z.string().min(1),
  /** Debian's Apertium modes. */
  apertiumModes: z.string().min(1),
});

export type InferenceOptions = z.infer<typeof inferenceOptionsSchema>;
