import { RequestError } from '../errors.ts';
import type { SpeechMedia } from './ports.ts';

/** One media process and how many people it serves. */
interface Process {
  readonly media: SpeechMedia;
  people: number;
}

/** A room's place on a media process. Its first person chooses the process, and all others go there. */
export interface MediaPlace {
  /** Serves the room; changes only while nobody is in it. */
  readonly media: SpeechMedia;
  /** One more person. Throws a RequestError 'mediaFull' or 'serverFull'. */
  enter(): void;
  leave(): void;
}

/**
 * The media processes and which room is served by which. Every person counts as one stream, for
 * anyone may unmute; a process never gets more people than it has streams for.
 */
export class MediaPlaces {
  readonly #processes: readonly [Process, ...Process[]];
  readonly #maxStreams: number;

  /** `maxStreams`: people one process may serve. */
  constructor(media: readonly [SpeechMedia, ...SpeechMedia[]], maxStreams: number) {
    const [first, ...others] = media;
    const idle = (each: SpeechMedia): Process => ({ media: each, people: 0 });
    this.#processes = [idle(first), ...others.map(idle)];
    this.#maxStreams = maxStreams;
  }

  /** People served by each process, in their order. */
  get people(): readonly number[] {
    return this.#processes.map(({ people }) => people);
  }

  /** For a new room, which takes up nothing while nobody is in it. */
  open(): MediaPlace {
    let process = this.#processes[0];
    let here = 0;
    return {
      get media() {
        return process.media;
      },
      enter: () => {
        const chosen = here === 0 ? this.#choose(process) : process;
        if (chosen.people >= this.#maxStreams) throw this.#full();
        process = chosen;
        process.people += 1;
        here += 1;
      },
      leave: () => {
        process.people -= 1;
        here -= 1;
      },
    };
  }

  /**
   * For a room that fills: among those with space one that can translate now, then the one with the
   * fewest people, then the one the room was on before.
   */
  #choose(before: Process): Process {
    const open = this.#processes.filter(({ people }) => people < this.#maxStreams);
    const better = (a: Process, b: Process): number =>
      readiness(b.media) - readiness(a.media) ||
      a.people - b.people ||
      Number(b === before) - Number(a === before);
    return open.sort(better)[0] ?? before;
  }

  #full(): RequestError {
    return this.#processes.every(({ people }) => people >= this.#maxStreams)
      ? new RequestError('serverFull', 'no media process takes more people')
      : new RequestError('mediaFull', 'the media process of this meeting takes no more people');
  }
}

/** 2: translates; 1: runs; 0: is down. */
function readiness({ ports, engine }: SpeechMedia): number {
  if (ports === undefined) return 0;
  return engine.state === 'ready' ? 2 : 1;
}
