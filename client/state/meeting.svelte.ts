import type { Device } from 'mediasoup-client/types';
import type { TranscriptState } from '../../server/protocol/events.ts';
import type { PeerId, Role } from '../../server/protocol/ids.ts';
import type { JoinResult } from '../../server/protocol/requests.ts';
import { loadDevice, receivable } from '../media/call-media.ts';
import { MediaSession } from '../media/media-session.ts';
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
import type { Pass } from './pass.ts';
import { People } from './people.svelte.ts';
import { followRoom } from './room-events.ts';
import { failureOf, recovery, RESTART_PATIENCE_MS } from './stay.ts';
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
  /** The server ends the meeting then, at the latest (ms since 1970). */
  endsAt: number | undefined = $state();
  transcript: TranscriptState = $state('off');
  role: Role = $state('guest');

  readonly people = new People();
  readonly captions = new Captions();
  readonly connection = new Connection();
  readonly playout: Playout;
  readonly hood: Hood;

  readonly #options: MeetingOptions;
  readonly #watch: MediaWatch;
  #signaling: Signaling | undefined;
  #media: MediaSession | undefined;
  #device: Device | undefined;
  /** Runs while joining, and while the server restarts. */
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
      reports: async () => (await this.#media?.current?.statistics()) ?? [],
    });
    this.#watch = new MediaWatch({
      connection: this.connection,
      media: () => this.#media?.current,
      online: () => this.#signaling?.connected === true,
      answers: async (patienceMs) => (await this.#signaling?.answers(patienceMs)) === true,
      reconnect: () => this.#signaling?.drop(),
      rebuild: () => this.#rebuild(),
      rejoin: () => this.#rejoin(),
    });
  }

  /** Enters; the outcome is in `phase`. */
  join(wish: Wish): void {
    this.#close();
    this.wish = wish;
    this.phase = { name: 'joining' };
    this.connection.reset('connecting');
    const { pass } = wish;
    const signaling = Signaling.open({ token: () => pass.token() });
    this.#signaling = signaling;
    this.#media = this.#createMedia(signaling, wish);
    this.#listen(signaling, this.#media, pass);
    this.#patience = setTimeout(() => {
      if (this.phase.name === 'joining') this.#refuse('unreachable');
    }, JOIN_MS);
  }

  leave(): void {
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
      await this.#media?.current?.setMuted(muted);
    } catch (error) {
      // Offline: this end is muted at once, and the server is told on coming back.
      if (failureOf(error) === 'unreachable') return;
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
      await this.#media?.current?.sendMicrophone(track, this.muted);
    } catch (error) {
      // Offline: the microphone is sent on coming back.
      if (failureOf(error) === 'unreachable') return;
      this.notice = 'The microphone could not be sent. Choose it again.';
    }
  }

  #listen(signaling: Signaling, media: MediaSession, pass: Pass): void {
    const { people, captions } = this;
    followRoom(signaling, { people, captions, engine: this.#options.engine });
    signaling.onConnect(() => void this.#enter());
    signaling.onConnectError((expired) => {
      if (expired) pass.expire();
      if (this.phase.name === 'joining') this.#refuse(pass.refused ?? 'unreachable');
      else if (pass.refused === 'roomNotFound') this.#end('gone');
    });
    signaling.onDisconnect(() => {
      this.#entry += 1;
      this.connection.reset('reconnecting');
      people.setLevels([]);
    });
    signaling.onOffer((consumer, taken) => {
      media.consume(consumer, taken);
    });
    signaling.on('consumerClosed', ({ consumerId }) => {
      media.stopConsuming(consumerId);
    });
    signaling.on('mediaReset', () => void this.#rebuild());
    signaling.on('draining', ({ endsAt }) => {
      this.endsAt = endsAt;
    });
    signaling.on('transcript:state', ({ state }) => {
      this.transcript = state;
    });
    signaling.on('closing', () => {
      // It may be back in seconds, and the meeting with it.
      this.#patience = setTimeout(() => {
        this.#end('stopping');
      }, RESTART_PATIENCE_MS);
    });
  }

  /** Joins, for the first time or again, and sees to the media. */
  async #enter(attempt = 0): Promise<void> {
    const entry = ++this.#entry;
    const signaling = this.#signaling;
    if (signaling === undefined) return;
    try {
      const { rtpCapabilities } = await signaling.request('getRouterRtpCapabilities', {});
      const device = await loadDevice(rtpCapabilities);
      const wish = this.wish;
      if (entry !== this.#entry || wish === undefined) return;
      const { displayName, speak, hear, hearOwn, keepWords } = wish;
      const captionsAfter = this.captions.revision;
      const joined = await signaling.request('join', {
        ...{ displayName, speak, hear, hearOwn, keepWords },
        rtpCapabilities: receivable(device),
        ...(captionsAfter !== undefined && { captionsAfter }),
      });
      if (entry !== this.#entry) return;
      this.#device = device;
      this.#show(joined);
      await this.#media?.settle(device, joined.media, joined.generation);
      this.#watch.start();
    } catch (error) {
      if (entry === this.#entry) this.#failed(failureOf(error), attempt);
    }
  }

  /** What the server tells of the meeting is how it is now. */
  #show(joined: JoinResult): void {
    const { people, captions } = this;
    clearTimeout(this.#patience);
    this.wish?.pass.keep(joined.session);
    people.selfId = joined.peerId;
    people.replace(joined.peers);
    joined.states.forEach((state) => {
      people.setState(state);
    });
    captions.merge(joined.captions);
    this.#options.engine.tell(joined.engine);
    this.endsAt = joined.endsAt;
    this.transcript = joined.transcript;
    this.role = joined.role;
    this.phase = { name: 'inside' };
  }

  /** New transports for the call we are in: the old ones are lost. */
  async #rebuild(): Promise<void> {
    const entry = ++this.#entry;
    this.connection.reset('reconnecting');
    try {
      if (this.#device !== undefined) await this.#media?.rebuild(this.#device);
      this.#watch.check();
    } catch {
      // A lost socket joins again by itself when it is back.
      if (entry === this.#entry && this.#signaling?.connected === true) await this.#enter();
    }
  }

  /** The last remedy: out and in again, as the same person. */
  async #rejoin(): Promise<void> {
    await this.#signaling?.request('leave', {}).catch(() => undefined);
    await this.#enter();
  }

  #createMedia(signaling: Signaling, { relayOnly }: Wish): MediaSession {
    return new MediaSession({
      ...{ signaling, relayOnly },
      microphone: () => this.#options.devices.track,
      muted: () => this.muted,
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
    this.endsAt = undefined;
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
