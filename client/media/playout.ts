import type { TrackKind } from '../../server/protocol/events.ts';
import type { ConsumerId, PeerId } from '../../server/protocol/ids.ts';
import { Ducker } from './ducking.ts';
import { LevelProbe } from './level-probe.ts';
import { AUDIBLE } from './levels.ts';
import { ElementLoudness, GainLoudness, volumeIsFixed } from './loudness.ts';
import type { Loudness } from './loudness.ts';

const STEP_MS = 40;

export interface RemoteTrack {
  readonly consumerId: ConsumerId;
  readonly peerId: PeerId;
  readonly kind: TrackKind;
  readonly track: MediaStreamTrack;
}

interface Playing {
  readonly peerId: PeerId;
  readonly kind: TrackKind;
  readonly element: HTMLAudioElement;
  readonly loudness: Loudness;
  /** Only translations are probed. */
  readonly probe: LevelProbe | undefined;
}

/** How a listener wants to hear; read again and again. Gains from 0 to 1. */
export interface Mix {
  /** Of an original while its translation plays over it. */
  readonly underTranslation: number;
  /** Of all that comes from one person. */
  volumeOf(peerId: PeerId): number;
}

export interface PlayoutOptions {
  /** Where the audio elements live. */
  readonly container: HTMLElement;
  readonly context: AudioContext;
  readonly mix: Mix;
  /** Whether the server says that a peer's translation is being spoken; used while levels cannot be read. */
  readonly isSpeaking: (peerId: PeerId) => boolean;
  /** Called when the browser wants a tap before it plays, and when it plays again. */
  readonly onBlocked: (blocked: boolean) => void;
}

/**
 * Plays every remote track in an audio element of its own, so that echo cancellation keeps its
 * reference, and turns an original down while its translation is audible.
 */
export class Playout {
  readonly #options: PlayoutOptions;
  readonly #volumeIsFixed = volumeIsFixed();
  readonly #playing = new Map<ConsumerId, Playing>();
  readonly #duckers = new Map<PeerId, Ducker>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #speakerId = '';

  constructor(options: PlayoutOptions) {
    this.#options = options;
  }

  add({ consumerId, peerId, kind, track }: RemoteTrack): void {
    this.remove(consumerId);
    const stream = new MediaStream([track]);
    const element = document.createElement('audio');
    element.dataset['peer'] = peerId;
    element.dataset['track'] = kind.type;
    if (kind.type === 'translation') element.dataset['lang'] = kind.language;
    element.srcObject = stream;
    this.#options.container.append(element);
    const probe =
      kind.type === 'translation' ? new LevelProbe(this.#options.context, stream) : undefined;
    const loudness = this.#volumeIsFixed
      ? new GainLoudness(element, this.#options.context, stream)
      : new ElementLoudness(element);
    this.#playing.set(consumerId, { peerId, kind, element, loudness, probe });
    if (!this.#duckers.has(peerId)) this.#duckers.set(peerId, new Ducker());
    void this.#route(element);
    void this.#play(element);
    this.#balance(performance.now());
    this.#timer ??= setInterval(() => {
      this.#balance(performance.now());
    }, STEP_MS);
  }

  remove(consumerId: ConsumerId): void {
    const playing = this.#playing.get(consumerId);
    if (playing === undefined) return;
    this.#playing.delete(consumerId);
    playing.probe?.close();
    playing.loudness.close();
    playing.element.srcObject = null;
    playing.element.remove();
    if (![...this.#playing.values()].some(({ peerId }) => peerId === playing.peerId)) {
      this.#duckers.delete(playing.peerId);
    }
    if (this.#playing.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#options.onBlocked(false);
    }
  }

  clear(): void {
    for (const consumerId of [...this.#playing.keys()]) this.remove(consumerId);
  }

  /** Sends everything to another output device; '' is the system's default. */
  async useSpeaker(deviceId: string): Promise<void> {
    this.#speakerId = deviceId;
    await Promise.all([...this.#playing.values()].map(({ element }) => this.#route(element)));
  }

  /** Starts what the browser held back. To be called from a tap or a key. */
  async unblock(): Promise<void> {
    await this.#options.context.resume();
    await Promise.all([...this.#playing.values()].map(({ element }) => this.#play(element)));
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      if ([...this.#playing.values()].every((playing) => !playing.element.paused)) {
        this.#options.onBlocked(false);
      }
    } catch (error) {
      // An element removed meanwhile is aborted, which is nobody's concern.
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        this.#options.onBlocked(true);
      }
    }
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    if (!('setSinkId' in element)) return;
    // A device that has just gone leaves the track on the default output.
    await element.setSinkId(this.#speakerId).catch(() => undefined);
  }

  /** Originals go down under their translations; everyone is as loud as the listener wants. */
  #balance(now: number): void {
    const { mix } = this.#options;
    for (const [peerId, ducker] of this.#duckers) {
      const volume = mix.volumeOf(peerId);
      const gain = ducker.push(this.#isAudible(peerId), now, mix.underTranslation);
      for (const { peerId: owner, kind, loudness } of this.#playing.values()) {
        if (owner === peerId) loudness.set(kind.type === 'original' ? volume * gain : volume);
      }
    }
  }

  #isAudible(peerId: PeerId): boolean {
    const probes = [...this.#playing.values()].flatMap(({ peerId: owner, probe }) =>
      owner === peerId && probe !== undefined ? [probe] : [],
    );
    if (this.#options.context.state !== 'running') {
      return probes.length > 0 && this.#options.isSpeaking(peerId);
    }
    return probes.some((probe) => probe.read() > AUDIBLE);
  }
}
