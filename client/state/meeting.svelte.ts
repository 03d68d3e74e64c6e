import type { TranscriptState } from '../../server/protocol/events.ts';
import type { Role } from '../../server/protocol/ids.ts';
import type {
  JoinResult,
  RequestData,
  RequestName,
  Responses,
} from '../../server/protocol/requests.ts';
import type { CallMedia } from '../media/call-media.ts';
import { Playout } from '../media/playout.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import { m } from '../paraglide/messages.js';
import type { Signaling } from '../signaling.ts';
import { Audience } from './audience.svelte.ts';
import { Captions } from './captions.svelte.ts';
import { Connection } from './connection.svelte.ts';
import { Detection } from './detection.svelte.ts';
import { Expression } from './expression.svelte.ts';
import type { Devices } from './devices.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import { Hood } from './hood.svelte.ts';
import { People } from './people.svelte.ts';
import type { Pictures } from './pictures.svelte.ts';
import { Hosting } from './hosting.svelte.ts';
import { followRoom } from './room-events.ts';
import { granted } from './stay.ts';
import type { EndReason, Phase, Wish } from './stay.ts';
import type { SoundPreferences } from './sound-preferences.svelte.ts';
import type { TabSound } from './tab-sound.svelte.ts';
import { Tuning } from './tuning.svelte.ts';
import { Visit } from './visit.ts';

export interface MeetingOptions {
  readonly devices: Devices;
  readonly tab: TabSound;
  readonly pictures: Pictures;
  readonly engine: Engine;
  readonly sound: SoundPreferences;
  readonly context: AudioContext;
  /** Where the audio elements live. */
  readonly container: HTMLElement;
}

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
  readonly role: Role = $derived.by(() => this.people.self?.role ?? 'guest');

  readonly people = new People();
  readonly detection = new Detection();
  readonly captions = new Captions();
  readonly audience = new Audience();
  readonly tuning: Tuning;
  readonly connection = new Connection();
  readonly playout: Playout;
  readonly hood: Hood;
  readonly hosting: Hosting;
  readonly expression: Expression;

  readonly #options: MeetingOptions;
  #visit: Visit | undefined;

  constructor(options: MeetingOptions) {
    this.#options = options;
    this.tuning = new Tuning({
      sound: options.sound,
      askOriginals: (of) => granted(this.request('translation:setOriginals', { of: [...of] })),
      askGate: (gateDb) => granted(this.request('speech:setGate', { gateDb })),
    });
    this.playout = new Playout({
      mix: this.tuning,
      container: options.container,
      context: options.context,
      isSpeaking: (peerId) => this.people.isSpeaking(peerId, this.wish?.hear),
      onBlocked: (blocked) => {
        this.blocked = blocked;
      },
    });
    this.hosting = new Hosting({
      ask: (name, data) => this.request(name, data),
      onMuted: () => {
        if (!this.muted) this.notice = m.call_muted_by_host();
        void this.setMuted(true);
        options.tab.stop();
      },
    });
    this.expression = new Expression({
      ask: (name, data) => this.request(name, data),
      people: this.people,
    });
    this.hood = new Hood({
      ask: () => this.request('call:stats', {}),
      reports: async () => (await this.#visit?.media?.statistics()) ?? [],
    });
  }

  /** Enters; the outcome is in `phase`. */
  join(wish: Wish): void {
    this.#close();
    this.wish = wish;
    this.phase = { name: 'joining' };
    const { connection } = this;
    const { pictures } = this.#options;
    this.#visit = Visit.open({
      ...{ connection, pictures, playout: pictures.beside(this.playout) },
      wish: () => this.wish ?? wish,
      captionsAfter: () => this.captions.revision,
      microphone: () => this.#options.devices.track,
      muted: () => this.muted,
      tab: () => this.#options.tab.track,
      listen: (signaling) => {
        this.#listen(signaling);
      },
      onEntered: (joined) => {
        this.#show(joined);
      },
      onLost: () => {
        this.people.setLevels([]);
      },
      onWaiting: () => {
        this.phase = { name: 'waiting' };
      },
      onRefused: (code) => {
        this.#refuse(code);
      },
      onEnded: (why) => {
        this.#end(why);
      },
    });
  }

  /** The transports of now; undefined while there are none. */
  get media(): CallMedia | undefined {
    return this.#visit?.media;
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

  /** Asks the server. Rejects with a CallError; 'unreachable' at once while there is no connection. */
  async request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    if (this.#visit === undefined) throw new CallError('unreachable', `${name}: not in a meeting`);
    return this.#visit.request(name, data);
  }

  /** Offline, this end is muted at once, and the server is told on coming back. */
  async setMuted(muted: boolean): Promise<void> {
    this.muted = muted;
    if (await granted(this.#visit?.media?.setMuted(muted))) return;
    this.muted = true;
    this.notice = muted ? m.call_mute_unconfirmed() : m.call_unmute_failed();
  }

  /** Offline, the wish is sent along when the call is joined again. */
  async setLanguages(
    change: Partial<Pick<Wish, 'speak' | 'hear' | 'hearOwn' | 'detect' | 'voice' | 'consent'>>,
  ): Promise<void> {
    const before = this.wish;
    if (before === undefined) return;
    this.wish = { ...before, ...change };
    if (change.hear !== undefined) this.captions.changeLanguage(change.hear);
    if (this.phase.name !== 'inside') return;
    if (await granted(this.request('translation:setLanguages', change))) return;
    this.wish = before;
    this.notice = m.call_change_failed();
  }

  /** Sends the microphone that is open now, or none; offline, it is sent on coming back. */
  async useMicrophone(track: MediaStreamTrack | undefined): Promise<void> {
    if (this.phase.name !== 'inside') return;
    if (await granted(this.#visit?.media?.sendMicrophone(track, this.muted))) return;
    this.notice = m.call_microphone_not_sent();
  }

  /** Sends the sound of a tab that is shared now, or none; offline, it is sent on coming back. */
  async useTab(track: MediaStreamTrack | undefined): Promise<void> {
    if (this.phase.name !== 'inside') return;
    if (await granted(this.#visit?.media?.sendTab(track))) return;
    this.notice = m.call_tab_not_sent();
  }

  #listen(signaling: Signaling): void {
    const { people, captions, audience } = this;
    this.expression.follow(signaling);
    followRoom(signaling, { people, captions, audience, engine: this.#options.engine });
    signaling.on('translation:heard', (heard) => {
      if (this.wish === undefined) return;
      this.detection.hear(heard, this.wish.speak);
      if (heard.applied) this.wish = { ...this.wish, speak: heard.language };
    });
    signaling.on('draining', ({ endsAt }) => {
      this.endsAt = endsAt;
    });
    this.hosting.follow(signaling);
    this.#options.pictures.follow(signaling);
    signaling.on('transcript:state', ({ state }) => {
      this.transcript = state;
    });
  }

  /** What the server tells of the meeting is how it is now. */
  #show(joined: JoinResult): void {
    const { people, captions } = this;
    people.selfId = joined.peerId;
    people.replace(joined.peers);
    joined.states.forEach((state) => {
      people.setState(state);
    });
    this.audience.replace(joined.audience);
    captions.merge(joined.captions);
    this.#options.engine.tell(joined.engine);
    this.endsAt = joined.endsAt;
    this.transcript = joined.transcript;
    this.hosting.show(joined);
    this.expression.show(joined);
    this.#options.pictures.entered(joined);
    this.tuning.tellAgain();
    this.phase = { name: 'inside' };
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
    this.#visit?.close();
    this.#visit = undefined;
    this.playout.clear();
    this.#options.pictures.clear();
    this.people.clear();
    this.audience.replace([]);
    this.hood.reset();
    this.hosting.reset();
    this.expression.reset();
    this.detection.clear();
    this.notice = undefined;
    this.endsAt = undefined;
  }
}
