import type { Config } from '../schema.ts';

/** Speech to text, text to text, text to voice. */
export const inference: Config['inference'] = {
  /**
   * Base addresses of Open Inference Protocol servers with the models `speech` and `voice`, such as
   * http://gpu.example:8000. Of several, each piece of work goes to one that can do it and is least
   * busy, and to another when that fails. Empty: an engine is started here.
   */
  urls: [],
  /**
   * Whether an engine is started here although there are others: `never`, or as a `fallback` for
   * when none of the others can. It is loaded all the time.
   */
  local: 'never',
  /** File with the bearer token that the others, or a proxy before them, ask for; empty: none. */
  tokenFile: '',
  /** Requests that each media process gives one of several at once. */
  concurrency: 64,
  /** Requests that may wait for one of several; the next is refused. */
  queue: 64,

  /*
   * All that follows is about the engine that is started here.
   */

  /** fatal, error, warn, info, debug, trace or silent. */
  logLevel: 'info',

  /** Where the engine listens; it is meant for this machine's own media process. */
  host: '127.0.0.1',
  /** 0: any free port. */
  port: 0,
  /** Larger request bodies are refused. */
  maxBodyBytes: 8_388_608,

  /**
   * What hears and translates: `auto` is the best model that is here (npm run models), otherwise
   * the offline engine; or `offline`, a model's name, or a folder with a model of Canary's form.
   */
  speech: 'auto',
  /**
   * What tells which language is spoken, for "Detect" in "I speak": `auto` is the model
   * voxlingua107-ecapa where its folder is among the models; or `off`, or the folder of such a
   * model: one graph (.onnx) with its list of languages, label_encoder.txt or labels.txt.
   */
  identify: 'auto',
  /**
   * What takes Canary's English onward into other languages, and what people write: `auto` is
   * m2m100-418m where it is here; or `off`, or a folder with a model of M2M100's form.
   */
  text: 'auto',
  /**
   * What speaks: `auto` is the best voice that is here (npm run models), with espeak-ng for the
   * languages it does not speak; or `espeak` alone, a model's name, or a folder with a model of
   * Supertonic's form.
   */
  voice: 'auto',
  /** Folder of downloaded models (npm run models); empty: ~/.local/share/parley/models. */
  models: '',

  /** Utterances decoded at the same time, each by a decoder of about 170 MB. */
  decoders: 2,
  /** Utterances that may wait for a decoder; the next is refused. */
  waitingUtterances: 16,
  /** Longest utterance taken; longer than the media process ever sends. */
  maxUtteranceMs: 45_000,
  /** An utterance of which nothing was heard for so long is given up. */
  idleUtteranceMs: 30_000,
  /** Texts that may wait for one translator; the next is refused. */
  translatorQueue: 64,
  /** Texts that may wait for the voice; the next is refused. */
  voiceQueue: 64,

  /** A program that has not said that it is ready by then is killed. */
  startDeadlineMs: 60_000,
  /** A recogniser that has not answered by then, plus the duration of the audio, is killed. */
  recogniserDeadlineMs: 10_000,
  /** A translator that has not answered by then is killed. */
  translatorDeadlineMs: 5_000,
  /** A voice that has not spoken a phrase by then is killed. */
  voiceDeadlineMs: 8_000,
  /** How long a request waits for a program that is restarting. */
  patienceMs: 5_000,
  /** Pause before a dead program's first restart; doubles with every quick death. */
  backoffMs: 250,
  /** Longest pause before a restart. */
  maxBackoffMs: 4_000,

  /** Canary, where it is the engine. */
  canary: {
    /** auto, cpu or cuda. */
    device: 'auto',
    /** Threads of a run; 0: one for each core. */
    threads: 0,
    /** Utterances heard in one run. */
    maxBatch: 4,
    /** Longest utterance taken: the model repeats itself beyond 40 s. */
    maxUtteranceMs: 40_000,
    /** Pause between two readings of an utterance that is still being spoken. */
    rereadMs: 1_000,
    /** A batch that has not been read by then, plus its duration, kills the process. */
    runDeadlineMs: 20_000,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: 180_000,
  },

  /** M2M100, where it translates texts. */
  m2m100: {
    /** Threads of a run; 0: one for each core. */
    threads: 0,
    /** What it has not translated so long after an utterance was heard is lost in that language. */
    utteranceDeadlineMs: 8_000,
    /** A process that has not translated a sentence by then is killed. */
    runDeadlineMs: 15_000,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: 120_000,
  },

  /** Supertonic, where it speaks. */
  supertonic: {
    /** auto, cpu or cuda. */
    device: 'auto',
    /** Threads of a run; 0: one for each core. */
    threads: 0,
    /** Runs of its largest graph for each phrase, 5 to 12: more sound better and take longer. */
    steps: 8,
    /** How much faster than the model would by itself. */
    speed: 1.05,
    /** Phrases that may wait; the next is left to another voice. */
    queue: 8,
    /** A process that has not loaded the model by then is killed. */
    loadDeadlineMs: 60_000,
  },

  /** Silero's voices, which a Python process speaks with. See docs/models.md. */
  silero: {
    /** A Python that has torch, such as Debian's with python3-torch, or that of a venv. */
    python: '/usr/bin/python3',
    /**
     * Voices such as silero-ru (npm run models), or packages elsewhere with the SHA-256 of their
     * contents: /models/v4_ua.pt#<64 hex digits>. They go before other voices. Empty: none.
     */
    models: [],
    /**
     * Base address of a sidecar that runs by itself, such as the container of docker/silero:
     * http://silero:8000. It knows its models; `python` and `models` are then not used.
     */
    url: '',
  },

  /** Debian's PocketSphinx model for US English. */
  pocketsphinxModel: '/usr/share/pocketsphinx/model/en-us',
  /** Debian's Apertium modes. */
  apertiumModes: '/usr/share/apertium/modes',
};
