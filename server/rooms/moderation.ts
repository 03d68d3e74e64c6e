import { RequestError } from '../errors.ts';
import type { RoomPolicy } from '../protocol/hosting.ts';
import type { PeerId, Role } from '../protocol/ids.ts';
import type { Entrant } from './attendance.ts';

/** People remembered as removed or with another role than their token's; the oldest are forgotten. */
const MAX_REMEMBERED = 1_000;

const OPEN: RoomPolicy = {
  locked: false,
  lobby: false,
  languages: { allowed: null, most: null },
  consentNotice: false,
};

/** All that the hosts of a meeting have decided, as it outlives the node it was decided on. */
export interface Decisions {
  readonly policy: RoomPolicy;
  readonly ended: boolean;
  readonly removed: readonly PeerId[];
  readonly roles: readonly (readonly [PeerId, Role])[];
}

/** How one with a link comes in: at once, when a host lets them in, or not at all for now. */
export type Entry = 'open' | 'lobby' | 'locked';

/**
 * What the hosts of a meeting have decided, for everyone and about each. It outlives the meeting's
 * end, so that a link to a meeting that was ended says so, until a host opens it again.
 */
export class Moderation {
  #policy: RoomPolicy;
  #ended: boolean;
  readonly #removed: Set<PeerId>;
  /** Roles that differ from those in people's tokens. */
  readonly #roles: Map<PeerId, Role>;
  readonly #onChange: (decisions: Decisions) => void;

  /** `past`: what was decided before; `onChange` is told all of it at each change. */
  constructor(past?: Decisions, onChange: (decisions: Decisions) => void = () => undefined) {
    this.#policy = past?.policy ?? OPEN;
    this.#ended = past?.ended ?? false;
    this.#removed = new Set(past?.removed);
    this.#roles = new Map(past?.roles);
    this.#onChange = onChange;
  }

  get policy(): RoomPolicy {
    return this.#policy;
  }

  change(part: Partial<RoomPolicy>): void {
    this.#policy = { ...this.#policy, ...part };
    this.#changed();
  }

  roleOf({ peerId, role }: Pick<Entrant, 'peerId' | 'role'>): Role {
    return this.#roles.get(peerId) ?? role;
  }

  /** What a link of this role opens. Throws a RequestError 'roomEnded'. */
  entry(role: Role): Entry {
    if (role === 'host') return 'open';
    if (this.#ended) throw new RequestError('roomEnded', 'a host has ended this meeting');
    if (this.#policy.locked) return 'locked';
    return this.#policy.lobby ? 'lobby' : 'open';
  }

  /**
   * Whether this person has to be let in by a host. Who was in before does not, and a host may
   * always come in. Throws a RequestError 'removed', 'roomEnded' or 'roomLocked'.
   */
  mustAsk(entrant: Entrant): boolean {
    if (this.#removed.has(entrant.peerId)) {
      throw new RequestError('removed', 'a host has removed you from this meeting');
    }
    const entry = this.entry(this.roleOf(entrant));
    if (entry === 'open' || entrant.returning) return false;
    if (entry === 'lobby') return true;
    throw new RequestError('roomLocked', 'nobody new gets into this meeting now');
  }

  /** Someone has come in; a host opens a meeting again that was ended. */
  entered(role: Role): void {
    if (role !== 'host' || !this.#ended) return;
    this.#ended = false;
    this.#changed();
  }

  remove(peerId: PeerId): void {
    this.#removed.add(peerId);
    forgetOldest(this.#removed);
    this.#changed();
  }

  handOver(from: PeerId, to: PeerId): void {
    this.#roles.set(from, 'guest').set(to, 'host');
    forgetOldest(this.#roles);
    this.#changed();
  }

  /** The meeting is over: nobody comes in before a host. */
  end(): void {
    this.#ended = true;
    this.change({ locked: false });
  }

  #changed(): void {
    this.#onChange({
      policy: this.#policy,
      ended: this.#ended,
      removed: [...this.#removed],
      roles: [...this.#roles],
    });
  }
}

function forgetOldest(remembered: Set<PeerId> | Map<PeerId, unknown>): void {
  for (const peerId of remembered.keys()) {
    if (remembered.size <= MAX_REMEMBERED) return;
    remembered.delete(peerId);
  }
}
