import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { SpeakerKey } from '../../media/messages.ts';
import type { LanguageTag, PeerId, ProducerId } from '../protocol/ids.ts';
import { InterpretedSpeaker } from './interpreted-speaker.ts';
import type { Means, SpeakerJob } from './interpreted-speaker.ts';
import type { SpeakerListener } from './ports.ts';

export interface InterpretingOptions {
  /** Where captions and progress of a job's speaker go. */
  readonly listen: (job: SpeakerJob) => SpeakerListener;
  /** A speaker is no longer heard; `failed` when nobody wanted that. */
  readonly onEnded: (speaker: InterpretedSpeaker, gap?: 'failed') => void;
  /** What the room is called in logs. */
  readonly room: string;
  readonly log: Logger;
}

/** The speakers of one room that are being interpreted. Calls must not overlap. */
export class Interpreting {
  readonly #options: InterpretingOptions;
  readonly #speakers = new Map<ProducerId, InterpretedSpeaker>();
  /** Counts resets, so that a speaker opened across one is not kept. */
  #generation = 0;

  constructor(options: InterpretingOptions) {
    this.#options = options;
  }

  /** The track that speaks `language` for this producer, if there is one. */
  voiceOf(producerId: ProducerId, language: LanguageTag): ProducerId | undefined {
    return this.#speakers.get(producerId)?.voiceIn(language);
  }

  /** Who is being interpreted, by the key the media process knows them by. */
  get speakers(): ReadonlyMap<SpeakerKey, PeerId> {
    return new Map([...this.#speakers.values()].map(({ key, peerId }) => [key, peerId]));
  }

  /** Who speaks for this person: what has this key or, when that is gone, another track of theirs. */
  speakerOf(peerId: PeerId, key: SpeakerKey): InterpretedSpeaker | undefined {
    const theirs = [...this.#speakers.values()].filter((speaker) => speaker.peerId === peerId);
    return theirs.find((speaker) => speaker.key === key) ?? theirs[0];
  }

  /** Makes the work done equal to the jobs. A job that fails is dropped; the others go on. */
  async apply(jobs: readonly SpeakerJob[], means: Means): Promise<void> {
    const wanted = new Set(jobs.map((job) => job.producerId));
    const unwanted = [...this.#speakers].filter(([producerId]) => !wanted.has(producerId));
    await Promise.all([
      ...unwanted.map(([producerId, speaker]) => this.#close(producerId, speaker)),
      ...jobs.map((job) => this.#applyOne(job, means)),
    ]);
  }

  /** The media process or the router is gone, and every speaker with it. */
  reset(): void {
    this.#generation += 1;
    for (const [producerId, speaker] of this.#speakers) {
      this.#speakers.delete(producerId);
      speaker.drop();
      this.#options.onEnded(speaker, 'failed');
    }
  }

  async #applyOne(job: SpeakerJob, means: Means): Promise<void> {
    const { producerId } = job;
    const running = this.#speakers.get(producerId);
    const generation = this.#generation;
    try {
      if (running) {
        await running.update(job);
      } else {
        const speaker = await InterpretedSpeaker.open(
          job,
          { ...means, room: this.#options.room },
          this.#options.listen(job),
        );
        if (this.#generation === generation) this.#speakers.set(producerId, speaker);
        else speaker.drop();
      }
    } catch (error) {
      if (!(error instanceof RequestError && error.code === 'unavailable')) {
        this.#options.log.error({ err: error }, 'a speaker cannot be interpreted');
      }
      if (running && this.#speakers.get(producerId) === running) {
        await this.#close(producerId, running, 'failed');
      }
    }
  }

  async #close(producerId: ProducerId, speaker: InterpretedSpeaker, gap?: 'failed') {
    this.#speakers.delete(producerId);
    await speaker.close();
    this.#options.onEnded(speaker, gap);
  }
}
