import { tryWay } from '../media/try-way.ts';
import { Signaling } from '../signaling.ts';
import { verdict } from '../way.ts';
import type { Tried, Verdict, WayKind } from '../way.ts';

/** Longest wait for the server to let us try. */
const DOOR_MS = 8_000;

export interface WayCheckOptions {
  /** The token to show at the door. */
  readonly token: () => Promise<string>;
  /** The one that has the meeting; undefined: the one this page came from. */
  readonly server?: string | undefined;
  /** Try relays alone. */
  readonly relayOnly: boolean;
}

/** Whether sound would get to the server and back, found out before joining. */
export class WayCheck {
  /** Undefined while it is not known, and when it could not be found out. */
  verdict: Verdict | undefined = $state.raw();
  running = $state(false);
  #stop: AbortController | undefined;

  /** Takes seconds. Never rejects; what it finds is in `verdict`. */
  async run(options: WayCheckOptions): Promise<void> {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    this.running = true;
    this.verdict = undefined;
    const found = await check(options, stop.signal).catch(() => undefined);
    if (this.#stop !== stop) return;
    this.verdict = found;
    this.running = false;
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.running = false;
  }
}

async function check(
  { token, server, relayOnly }: WayCheckOptions,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const signaling = Signaling.open({ token, server });
  const known = new AbortController();
  const enough = AbortSignal.any([signal, known.signal]);
  try {
    await connected(signaling, AbortSignal.any([signal, AbortSignal.timeout(DOOR_MS)]));
    const probe = await signaling.request('probe', {});
    const direct: readonly WayKind[] = relayOnly ? [] : ['UDP', 'TCP'];
    const kinds: readonly WayKind[] = probe.iceServers.length > 0 ? [...direct, 'relay'] : direct;
    const trials = kinds.map((kind) => tryWay(probe, kind, enough));
    const tried: Tried[] = [];
    // Best first: nobody waits for what they would not use.
    for (const trial of trials) {
      const way = await trial;
      tried.push(way);
      if (way.path !== undefined) break;
    }
    return tried.length === 0 ? undefined : verdict(tried);
  } finally {
    known.abort();
    signaling.close();
  }
}

async function connected(signaling: Signaling, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  promise.catch(() => undefined);
  const giveUp = (): void => {
    reject(new Error('the server cannot be reached'));
  };
  signaling.onConnect(() => {
    resolve(undefined);
  });
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  await promise;
}
