import { nanoid } from 'nanoid';
import type { SpeakerKey, LanguageText, VoiceChoice } from '../../media/messages.ts';
import type { LanguageTag, PeerId, ProducerId } from '../protocol/ids.ts';
import type { MediaLink, SpeechTap, VoiceInjector } from '../sfu/ports.ts';
import type { SpeakerDemand, WantedTarget } from './demand.ts';
import type { SpeakerListener, SpeechMedia } from './ports.ts';

/** One track to interpret, and how. */
export interface SpeakerJob {
  readonly peerId: PeerId;
  readonly producerId: ProducerId;
  readonly muted: boolean;
  /** Quieter sound (dBFS) is no speech; `null`: nothing is too quiet. */
  readonly gateDb: number | null;
  /** Languages to be told from each other as they are spoken; empty: none. */
  readonly among: readonly LanguageTag[];
  readonly voice: VoiceChoice;
  readonly demand: SpeakerDemand;
}

export interface Means {
  readonly media: SpeechMedia;
  readonly link: MediaLink;
  /** What the room is called in logs. */
  readonly room?: string;
}

/**
 * A microphone or tab on its way through the media process: the tap its words leave by, and one
 * injector for each language it is spoken in. Calls must not overlap; the room's queue sees to that.
 */
export class InterpretedSpeaker {
  readonly key: SpeakerKey = nanoid();
  readonly peerId: PeerId;
  readonly #means: Means;
  readonly #tap: SpeechTap;
  readonly #voices = new Map<LanguageTag, VoiceInjector>();
  #unlisten: () => void = () => undefined;
  #language: LanguageTag;
  #voice: VoiceChoice;
  #among: readonly LanguageTag[] = [];
  #muted = false;
  #gateDb: number | null = null;
  #targets: readonly WantedTarget[] | undefined;

  private constructor(job: SpeakerJob, tap: SpeechTap, means: Means) {
    this.peerId = job.peerId;
    this.#language = job.demand.language;
    this.#voice = job.voice;
    this.#tap = tap;
    this.#means = means;
  }

  /** The tap carries packets only once the media process knows the speaker. */
  static async open(
    job: SpeakerJob,
    means: Means,
    listener: SpeakerListener,
  ): Promise<InterpretedSpeaker> {
    const tap = await means.link.tap(job.producerId);
    const speaker = new InterpretedSpeaker(job, tap, means);
    speaker.#unlisten = means.media.listen(speaker.key, listener);
    try {
      await means.media.command({
        type: 'open-speaker',
        speaker: speaker.key,
        stream: tap.stream,
        language: job.demand.language,
        voice: job.voice,
        ...(means.room !== undefined && { room: means.room }),
      });
      await speaker.update(job);
      await tap.resume();
      return speaker;
    } catch (error) {
      await speaker.close();
      throw error;
    }
  }

  /** The track that speaks this language, if there is one. */
  voiceIn(language: LanguageTag): ProducerId | undefined {
    return this.#voices.get(language)?.producerId;
  }

  /** Applies what differs from the last job. */
  async update({ muted, gateDb, among, voice, demand }: SpeakerJob): Promise<void> {
    const { media } = this.#means;
    if (demand.language !== this.#language) {
      await media.command({
        type: 'set-language',
        speaker: this.key,
        language: demand.language,
      });
      this.#language = demand.language;
    }
    if (voice.kind !== this.#voice.kind || voice.variant !== this.#voice.variant) {
      await media.command({ type: 'set-voice', speaker: this.key, voice });
      this.#voice = voice;
    }
    if (gateDb !== this.#gateDb) {
      await media.command({ type: 'set-gate', speaker: this.key, gateDb });
      this.#gateDb = gateDb;
    }
    if (among.join() !== this.#among.join()) {
      await media.command({ type: 'set-detection', speaker: this.key, among });
      this.#among = among;
    }
    if (!equal(this.#targets, demand.targets)) await this.#retarget(demand.targets);
    if (muted !== this.#muted) {
      await media.command({ type: 'set-muted', speaker: this.key, muted });
      this.#muted = muted;
    }
  }

  /** Has the voices there are say these after what they are saying; resolves to their languages. */
  async say(texts: readonly LanguageText[]): Promise<readonly string[]> {
    const voiced = new Set<string>(this.#voices.keys());
    const heard = texts.filter(({ language }) => voiced.has(language));
    if (heard.length === 0) return [];
    await this.#means.media.command({ type: 'speak', speaker: this.key, texts: heard });
    return heard.map(({ language }) => language);
  }

  /** Stops the packets, then the work on them, then the voices, so that none is cut by the order. */
  async close(): Promise<void> {
    this.#tap.close();
    await this.#closeInMedia();
    this.#release();
  }

  /** Lets go at once, when the media process or the router is gone anyway. */
  drop(): void {
    void this.#closeInMedia();
    this.#release();
  }

  /** A media process that is gone has forgotten the speaker already. */
  async #closeInMedia(): Promise<void> {
    const { media } = this.#means;
    await media.command({ type: 'close-speaker', speaker: this.key }).catch(() => undefined);
  }

  #release(): void {
    this.#tap.close();
    this.#unlisten();
    for (const voice of this.#voices.values()) voice.close();
    this.#voices.clear();
  }

  /** A voice is opened before the media process may use it, and closed after it has let go. */
  async #retarget(targets: readonly WantedTarget[]): Promise<void> {
    const voiced = targets.filter((target) => target.voiced).map((target) => target.language);
    for (const language of voiced) {
      if (this.#voices.has(language)) continue;
      this.#voices.set(language, await this.#means.link.inject());
    }
    await this.#means.media.command({
      type: 'set-targets',
      speaker: this.key,
      targets: targets.map(({ language, voiced }) => {
        const voice = voiced ? this.#voices.get(language)?.stream : undefined;
        return { language, ...(voice && { voice }) };
      }),
      transcript: true,
    });
    this.#targets = targets;
    for (const [language, voice] of this.#voices) {
      if (voiced.includes(language)) continue;
      voice.close();
      this.#voices.delete(language);
    }
  }
}

function equal(a: readonly WantedTarget[] | undefined, b: readonly WantedTarget[]): boolean {
  return (
    a?.length === b.length &&
    a.every(({ language, voiced }, i) => language === b[i]?.language && voiced === b[i].voiced)
  );
}
