import type { PeerId } from '../../server/protocol/ids.ts';
import { CallMedia, loadDevice, receivable } from '../media/call-media.ts';
import { Playout } from '../media/playout.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import { Signaling } from '../signaling.ts';
import { Captions } from './captions.svelte.ts';
import { Connection } from './connection.svelte.ts';
import type { Devices } from './devices.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import { Hood } from './hood.svelte.ts';
import { MediaWatch } from './media-watch.ts';
import { People } from './people.svelte.ts';
import { followRoom } from './room-events.ts';
import { failureOf, recovery } from './stay.ts';
import type { EndReason, Phase, Wish } from './stay.ts';

export interface MeetingOptions {
  readonly devices: Devices;
  readonly engine: Engine;
  readonly context: AudioContext;
  /** Where the audio elements live. */
  readonly container: HTMLElement;
}

/** How long joining may take before it is called off. */
const JOIN_MS = 20_000;

/** One person's stay in one meeting, from joining to leaving, through every reconnection. */
export class Meeting {
  phase: Phase = $state.raw({ name: 'outside' });
  wish: Wish | undefined = $state.raw();
  muted = $state(false);
  /** The browser wants a tap before it plays. */
  blocked = $state(false);
  /** Something a person should know, said once. */
  notice: string | undefined = $state();

  readonly people = new People();
  readonly captions = new Captions();
  readonly connection = new Connection();
  readonly playout: Playout;
  readonly hood: Hood;

  readonly #options: MeetingOptions;
  readonly #watch: MediaWatch;
  #signaling: Signaling | undefined;
  #media: CallMedia | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #entry = 0;

  constructor(options: MeetingOptions) {
    this.#options = options;
    this.playout = new Playout({
      container: options.container,
      context: options.context,
      isSpeaking: (peerId) => this.#isSpeaking(peerId),
      onBlocked: (blocked) => {
        this.blocked = blocked;
      },
    });
    this.hood = new Hood({
      ask: async () => this.#connected().request('call:stats', {}),
      reports: async () => (await this.#media?.statistics()) ?? [],
    });
    this.#watch = new MediaWatch({
      connection: this.connection,
      media: () => this.#media,
      rejoin: () => this.#enter(),
    });
  }

  /** Enters; the outcome is in `phase`. */
  join(wish: Wish): void {
    this.#close();
    this.wish = wish;
    this.phase = { name: 'joining' };
    this.connection.reset('connecting');
    const signaling = Signaling.open();
    this.#signaling = signaling;
    this.#listen(signaling);
    this.#patience = setTimeout(() => {
      if (this.phase.name === 'joining') this.#refuse('unreachable');
    }, JOIN_MS);
  }

  leave(): void {
    this.#signaling?.request('leave', {}).catch(() => undefined);
    this.#end('left');
  }

  /** Back to the page before the call. */
  reset(): void {
    this.#close();
    this.captions.clear();
    this.phase = { name: 'outside' };
    this.muted = false;
  }

  async setMuted(muted: boolean): Promise<void> {
    this.muted = muted;
    try {
      await this.#media?.setMuted(muted);
    } catch {
      this.muted = true;
      this.notice = muted
        ? 'You are muted here, but the server has not confirmed it.'
        : 'The microphone could not be turned on. Try again.';
    }
  }

  async setLanguages(change: Partial<Pick<Wish, 'speak' | 'hear' | 'hearOwn'>>): Promise<void> {
    const before = this.wish;
    if (before === undefined) return;
    this.wish = { ...before, ...change };
    if (change.hear !== undefined) this.captions.changeLanguage(change.hear);
    if (this.phase.name !== 'inside') return;
    try {
      await this.#signaling?.request('translation:setLanguages', change);
    } catch (error) {
      // Offline: the wish is sent along when the call is joined again.
      if (failureOf(error) === 'unreachable') return;
      this.wish = before;
      this.notice = 'The language could not be changed. Try again.';
    }
  }

  /** Sends the microphone that is open now, or none. */
  async useMicrophone(track: MediaStreamTrack | undefined): Promise<void> {
    if (this.phase.name !== 'inside') return;
    try {
      await this.#media?.sendMicrophone(track, this.muted);
    } catch {
      this.notice = 'The microphone could not be sent. Choose it again.';
    }
  }

  #listen(signaling: Signaling): void {
    const { people, captions } = this;
    followRoom(signaling, { people, captions, engine: this.#options.engine });
    signaling.onConnect(() => void this.#enter());
    signaling.onConnectError(() => {
      if (this.phase.name === 'joining') this.#refuse('unreachable');
    });
    signaling.onDisconnect(() => {
      this.#entry += 1;
      this.connection.reset('reconnecting');
      people.setLevels([]);
    });
    signaling.on('newConsumer', (consumer, ack) => {
      // A track that cannot be received stays paused on the server.
      this.#media?.consume(consumer).then(ack, () => undefined);
    });
    signaling.on('consumerClosed', ({ consumerId }) => {
      this.#media?.stopConsuming(consumerId).catch(() => undefined);
    });
    signaling.on('mediaReset', () => void this.#rebuild());
    signaling.on('closing', () => {
      this.#end('stopping');
    });
  }

  /** Joins, for the first time or again, and builds the media. */
  async #enter(attempt = 0): Promise<void> {
    const entry = ++this.#entry;
    const signaling = this.#signaling;
    const wish = this.wish;
    if (signaling === undefined || wish === undefined) return;
    try {
      this.#media?.close();
      if (this.phase.name === 'inside') await signaling.request('leave', {}).catch(() => undefined);
      const { roomId } = wish;
      const { rtpCapabilities } = await signaling.request('getRouterRtpCapabilities', { roomId });
      const device = await loadDevice(rtpCapabilities);
      if (entry !== this.#entry) return;
      this.people.clear();
      const media = this.#createMedia(signaling);
      const joined = await signaling.request('join', {
        ...(this.wish ?? wish),
        rtpCapabilities: receivable(device),
      });
      if (entry !== this.#entry) return;
      joined.peers.forEach((peer) => {
        this.people.put(peer);
      });
      joined.states.forEach((state) => {
        this.people.setState(state);
      });
      this.people.selfId = joined.peerId;
      this.captions.merge(joined.captions);
      this.#options.engine.tell(joined.engine);
      this.phase = { name: 'inside' };
      await media.open(device);
      await media.sendMicrophone(this.#options.devices.track, this.muted);
      this.#watch.start();
    } catch (error) {
      if (entry === this.#entry) this.#failed(failureOf(error), attempt);
    }
  }

  /** New transports for the call we are in: the server has lost the old ones. */
  async #rebuild(): Promise<void> {
    const signaling = this.#signaling;
    const wish = this.wish;
    if (signaling === undefined || wish === undefined) return;
    const entry = ++this.#entry;
    this.connection.reset('reconnecting');
    try {
      this.#media?.close();
      const media = this.#createMedia(signaling);
      const { roomId } = wish;
      const { rtpCapabilities } = await signaling.request('getRouterRtpCapabilities', { roomId });
      await media.open(await loadDevice(rtpCapabilities));
      await media.sendMicrophone(this.#options.devices.track, this.muted);
      this.#watch.start();
    } catch {
      if (entry === this.#entry) await this.#enter();
    }
  }

  #createMedia(signaling: Signaling): CallMedia {
    const media = new CallMedia({
      signaling,
      onTrack: (track) => {
        this.playout.add(track);
      },
      onTrackGone: (consumerId) => {
        this.playout.remove(consumerId);
      },
      onStateChange: () => {
        this.#watch.check();
      },
    });
    this.#media = media;
    return media;
  }

  #failed(code: FailureCode, attempt: number): void {
    if (this.phase.name !== 'inside') {
      this.#refuse(code);
      return;
    }
    const next = recovery(code, attempt);
    if ('end' in next) {
      this.#end(next.end);
      return;
    }
    const entry = this.#entry;
    this.connection.reset('reconnecting');
    setTimeout(() => {
      // A lost socket joins again by itself when it is back.
      if (entry === this.#entry && this.#signaling?.connected === true) {
        void this.#enter(attempt + 1);
      }
    }, next.waitMs);
  }

  #refuse(code: FailureCode): void {
    this.#close();
    this.phase = { name: 'refused', code };
  }

  #end(why: EndReason): void {
    this.#close();
    this.captions.clear();
    this.phase = { name: 'ended', why };
  }

  #close(): void {
    this.#entry += 1;
    clearTimeout(this.#patience);
    this.#watch.stop();
    this.#media?.close();
    this.#media = undefined;
    this.#signaling?.close();
    this.#signaling = undefined;
    this.playout.clear();
    this.people.clear();
    this.hood.reset();
    this.notice = undefined;
  }

  /** Throws a CallError while there is no connection: what is asked would only be stored up. */
  #connected(): Signaling {
    if (this.#signaling?.connected !== true) throw new CallError('unreachable', 'not connected');
    return this.#signaling;
  }

  #isSpeaking(peerId: PeerId): boolean {
    const hear = this.wish?.hear;
    if (hear === undefined || hear === 'original') return false;
    return this.people.state(peerId, hear)?.state === 'speaking';
  }
}
