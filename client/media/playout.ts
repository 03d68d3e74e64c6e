import type { TrackKind } from '../../server/protocol/events.ts';
import type { ConsumerId, PeerId } from '../../server/protocol/ids.ts';
import { Ducker } from './ducking.ts';
import { LevelProbe } from './level-probe.ts';
import { AUDIBLE } from './levels.ts';

const STEP_MS = 40;
const MUTED_BELOW = 0.5;

/** iOS keeps every element at full volume; there an original falls silent instead. */
const volumeIsFixed = ((probe) => {
  probe.volume = 0.5;
  return probe.volume === 1;
})(new Audio());

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
  /** Only translations are probed. */
  readonly probe: LevelProbe | undefined;
}

export interface PlayoutOptions {
  /** Where the audio elements live. */
  readonly container: HTMLElement;
  readonly context: AudioContext;
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
    this.#playing.set(consumerId, { peerId, kind, element, probe });
    if (!this.#duckers.has(peerId)) this.#duckers.set(peerId, new Ducker());
    void this.#route(element);
    void this.#play(element);
    this.#timer ??= setInterval(() => {
      this.#duck(performance.now());
    }, STEP_MS);
  }

  remove(consumerId: ConsumerId): void {
    const playing = this.#playing.get(consumerId);
    if (playing === undefined) return;
    this.#playing.delete(consumerId);
    playing.probe?.close();
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

  #duck(now: number): void {
    for (const [peerId, ducker] of this.#duckers) {
      const gain = ducker.push(this.#isAudible(peerId), now);
      for (const playing of this.#playing.values()) {
        if (playing.peerId === peerId && playing.kind.type === 'original') {
          if (volumeIsFixed) playing.element.muted = gain < MUTED_BELOW;
          else playing.element.volume = gain;
        }
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
