import type { LanguageTag, VoicePreference } from '../../server/protocol/ids.ts';
import { createRoom } from '../api.ts';
import { explain } from '../messages.ts';
import type { Explanation } from '../messages.ts';
import { m } from '../paraglide/messages.js';
import type { RoomLink } from '../routes.ts';
import { soloEnding, soloRefusal } from '../solo.ts';
import type { Devices } from './devices.svelte.ts';
import type { Meeting } from './meeting.svelte.ts';
import { Pass } from './pass.ts';
import { failureOf } from './stay.ts';
import type { Phase } from './stay.ts';
import type { TabSound } from './tab-sound.svelte.ts';

/** How long the server may take to end it. */
const END_MS = 2_000;

export interface SoloOptions {
  readonly meeting: Meeting;
  readonly devices: Devices;
  readonly tab: TabSound;
}

export interface SoloWish {
  readonly from: LanguageTag;
  readonly to: LanguageTag;
  readonly voice: VoicePreference;
  readonly source: 'microphone' | 'tab';
  /** Nothing is heard until the talk button is held. */
  readonly muted: boolean;
}

/** One person alone in a meeting of their own, hearing themselves or a tab translated. */
export class SoloSession {
  /** Why it did not begin, or has ended by itself. */
  failure: Explanation | undefined = $state.raw();
  #starting = $state(false);
  readonly #options: SoloOptions;
  /** The meeting that was made; ended by each stop, and opened again. */
  #link: RoomLink | undefined;
  /** Kept through a loss, to come back as the same. */
  #pass: Pass | undefined;
  /** Counts starts and stops, so that what was stopped meanwhile does not begin. */
  #round = 0;

  readonly running = $derived.by(() => this.#options.meeting.phase.name === 'inside');
  readonly phase = $derived.by(() => {
    if (this.running) return 'running';
    const joining = this.#options.meeting.phase.name === 'joining';
    return this.#starting || joining ? 'starting' : 'stopped';
  });

  constructor(options: SoloOptions) {
    this.#options = options;
  }

  /** Begins, or says in `failure` why not; without a sound to translate nothing happens. Never rejects. */
  async start(wish: SoloWish): Promise<void> {
    const { devices, tab } = this.#options;
    const round = ++this.#round;
    this.failure = undefined;
    this.#starting = true;
    try {
      if (wish.source === 'microphone' && devices.track === undefined) await devices.open();
      if (round !== this.#round || (devices.track ?? tab.track) === undefined) return;
      this.#link ??= await createRoom();
      this.#pass ??= new Pass(this.#link);
      if (round === this.#round) this.#enter(this.#link, this.#pass, wish);
    } catch (error) {
      if (round === this.#round) this.failure = explain(failureOf(error));
    } finally {
      if (round === this.#round) this.#starting = false;
    }
  }

  /** To be told of every phase of the meeting. */
  follow(phase: Phase): void {
    if (phase.name !== 'ended' && phase.name !== 'refused') return;
    this.failure = phase.name === 'refused' ? soloRefusal(phase.code) : soloEnding(phase.why);
    if (isGone(phase)) this.#link = this.#pass = undefined;
    this.#rest();
  }

  /** Nothing is heard or played any more; then the meeting ends on the server, with all that was said. */
  async stop(): Promise<void> {
    const { meeting } = this.#options;
    const { wish } = meeting;
    this.failure = undefined;
    this.#pass = undefined;
    this.#hush();
    meeting.playout.clear();
    // What could not be ended is not come back to.
    if (this.running && !(await Promise.race([this.#end(), patience()]))) this.#link = undefined;
    // It may have ended by that already, and something else begun.
    if (meeting.wish === wish) meeting.reset();
  }

  /** The page is closed: what the server is told now is the last. `kept`: the browser may show it again. */
  abandon(kept: boolean): void {
    if (this.running) void this.#options.meeting.hosting.end();
    if (kept) this.#rest();
  }

  #enter(link: RoomLink, pass: Pass, { from, to, voice, muted }: SoloWish): void {
    const { meeting } = this.#options;
    meeting.reset();
    meeting.muted = muted;
    // Whoever starts it wants to be translated; nothing of it is kept.
    const terms = { hearOwn: true, consent: true, keepWords: false };
    const languages = { speak: from, hear: to, detect: null, voice };
    meeting.join({
      link,
      pass,
      displayName: m.call_you(),
      ...languages,
      ...terms,
      relayOnly: false,
    });
  }

  async #end(): Promise<boolean> {
    const { hosting } = this.#options.meeting;
    await hosting.end();
    // Hung up on before the answer, it is no less over.
    return hosting.problem === undefined || !this.running;
  }

  /** Nothing of it is left on this page. */
  #rest(): void {
    this.#hush();
    this.#options.meeting.reset();
  }

  #hush(): void {
    this.#round += 1;
    this.#starting = false;
    this.#options.devices.close();
    this.#options.tab.stop();
  }
}

function isGone(phase: Phase): boolean {
  if (phase.name === 'refused') return phase.code === 'roomNotFound';
  return phase.name === 'ended' && phase.why === 'gone';
}

function patience(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, END_MS, false));
}
