import type { VoiceChoice } from '../../media/messages.ts';
import { RequestError } from '../errors.ts';
import type { Stamp } from '../protocol/events.ts';
import type { PeerId, Role, VoicePreference } from '../protocol/ids.ts';
import type { RequestData } from '../protocol/requests.ts';
import { Peer } from './peer.ts';
import { chooseVoice, suits } from './voices.ts';

/** Whom a token admits. */
export interface Entrant {
  readonly peerId: PeerId;
  readonly role: Role;
  /** Was in the meeting before. */
  readonly returning: boolean;
}

export interface AttendanceOptions {
  readonly maxPeers: number;
  /** How long the place of someone whose connection is lost is kept. */
  readonly graceMs: number;
  /** Nobody is translated before they agree. */
  readonly consentRequired?: boolean | undefined;
  readonly stamp: () => Stamp;
  /** Someone who was away has not come back in time. */
  readonly onGone: (peer: Peer) => void;
}

/** Who has a place in a room: those who are here, and for a while those whose connection is lost. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #absences = new Map<PeerId, NodeJS.Timeout>();

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  get all(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  get size(): number {
    return this.#peers.size;
  }

  get full(): boolean {
    return this.size >= this.#options.maxPeers;
  }

  find(peerId: PeerId): Peer | undefined {
    return this.#peers.get(peerId);
  }

  admit({ peerId, role }: Pick<Entrant, 'peerId' | 'role'>, request: RequestData<'join'>): Peer {
    const colour = this.#freeColour();
    const voice = chooseVoice(request.voice ?? 'automatic', this.#voices());
    const { stamp, consentRequired = false } = this.#options;
    const own = { id: peerId, role, colour, voice };
    const peer = new Peer({ ...request, ...own, consentRequired, stamp });
    this.#peers.set(peerId, peer);
    return peer;
  }

  /** Throws a RequestError 'roomFull'. */
  requirePlace(): void {
    if (this.full) throw new RequestError('roomFull', 'this meeting is full');
  }

  /** The place is kept for a while, of which `silentMs` have passed already. */
  away(peer: Peer, silentMs: number): void {
    this.back(peer);
    const timer = setTimeout(() => {
      this.#absences.delete(peer.id);
      this.#options.onGone(peer);
    }, this.#options.graceMs - silentMs);
    this.#absences.set(peer.id, timer);
  }

  back(peer: Peer): void {
    clearTimeout(this.#absences.get(peer.id));
    this.#absences.delete(peer.id);
  }

  /** False when they have left already. */
  remove(peer: Peer): boolean {
    if (this.#peers.get(peer.id) !== peer) return false;
    this.back(peer);
    this.#peers.delete(peer.id);
    peer.close();
    return true;
  }

  /** Gives them another voice if theirs is not what they want; left out, it is. */
  revoice(peer: Peer, preference?: VoicePreference): void {
    if (preference === undefined || suits(peer.voice, preference)) return;
    peer.voice = chooseVoice(preference, this.#voices(peer));
  }

  #voices(besides?: Peer): readonly VoiceChoice[] {
    return this.all.filter((peer) => peer !== besides).map(({ voice }) => voice);
  }

  /** The lowest number nobody here has. */
  #freeColour(): number {
    const taken = new Set(this.all.map(({ colour }) => colour));
    let colour = 0;
    while (taken.has(colour)) colour += 1;
    return colour;
  }
}
