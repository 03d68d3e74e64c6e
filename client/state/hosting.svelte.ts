import type {
  hostRequests,
  LanguageLimits,
  LobbyGuest,
  RoomPolicy,
} from '../../server/protocol/hosting.ts';
import type { PeerId } from '../../server/protocol/ids.ts';
import type { JoinResult, RequestData } from '../../server/protocol/requests.ts';
import { m } from '../paraglide/messages.js';
import type { Signaling } from '../signaling.ts';
import { failureOf } from './stay.ts';

export type HostRequest = keyof typeof hostRequests;

export interface HostingOptions {
  /** Asks the server; rejects with a CallError. */
  readonly ask: <N extends HostRequest>(name: N, data: RequestData<N>) => Promise<unknown>;
  /** A host has turned this person's microphone off. */
  readonly onMuted: () => void;
}

const OPEN: RoomPolicy = {
  locked: false,
  lobby: false,
  languages: { allowed: null, most: null },
  consentNotice: false,
};

/** What the hosts of the meeting have decided, who waits for them, and what one may decide as host. */
export class Hosting {
  policy: RoomPolicy = $state.raw(OPEN);
  /** Who waits to be let in, longest first; empty for guests. */
  waiting: readonly LobbyGuest[] = $state.raw([]);
  /** Why the last decision did not take effect. */
  problem: string | undefined = $state();
  readonly #options: HostingOptions;

  constructor(options: HostingOptions) {
    this.#options = options;
  }

  /** Takes over how things are at the moment of joining. */
  show({ policy, waiting = [] }: Pick<JoinResult, 'policy' | 'waiting'>): void {
    this.policy = policy;
    this.waiting = waiting;
  }

  follow(signaling: Pick<Signaling, 'on'>): void {
    signaling.on('room:policy', (policy) => {
      this.policy = policy;
    });
    signaling.on('lobby:waiting', ({ waiting }) => {
      this.waiting = waiting;
    });
    signaling.on('mutedByHost', () => {
      this.#options.onMuted();
    });
  }

  /** The call is over. */
  reset(): void {
    this.policy = OPEN;
    this.waiting = [];
    this.problem = undefined;
  }

  lock(locked: boolean): Promise<void> {
    return this.#decide('host:lock', { locked });
  }

  useLobby(on: boolean): Promise<void> {
    return this.#decide('host:lobby', { on });
  }

  admit(peerId: PeerId | 'all'): Promise<void> {
    return this.#decide('host:admit', { peerId });
  }

  refuse(peerId: PeerId | 'all'): Promise<void> {
    return this.#decide('host:refuse', { peerId });
  }

  mute(peerId: PeerId | 'all'): Promise<void> {
    return this.#decide('host:mute', { peerId });
  }

  lowerHand(peerId: PeerId | 'all'): Promise<void> {
    return this.#decide('host:lowerHand', { peerId });
  }

  /** `guarded`: newcomers wait in the lobby from now on, for the link still works. */
  async remove(peerId: PeerId, guarded: boolean): Promise<void> {
    if (guarded) await this.useLobby(true);
    await this.#decide('host:remove', { peerId });
  }

  handOver(peerId: PeerId): Promise<void> {
    return this.#decide('host:handOver', { peerId });
  }

  limitLanguages(languages: LanguageLimits): Promise<void> {
    return this.#decide('host:languages', languages);
  }

  remindOfConsent(on: boolean): Promise<void> {
    return this.#decide('host:consentNotice', { on });
  }

  end(): Promise<void> {
    return this.#decide('host:end', {});
  }

  async #decide<N extends HostRequest>(name: N, data: RequestData<N>): Promise<void> {
    this.problem = undefined;
    try {
      await this.#options.ask(name, data);
    } catch (error) {
      this.problem = problemOf(failureOf(error));
    }
  }
}

function problemOf(code: ReturnType<typeof failureOf>): string | undefined {
  switch (code) {
    case 'notFound':
      return m.host_problem_left();
    case 'forbidden':
      return m.host_problem_not_host();
    case 'notJoined':
      // The meeting is over.
      return undefined;
    default:
      return m.host_problem_failed();
  }
}
