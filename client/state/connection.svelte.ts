import type { RtcReport } from '../media/rtc-report.ts';
import { isPoor, readQuality } from '../media/connection-quality.ts';
import type { Blockage, ConnectionPhase, Path, Received } from '../media/connection-quality.ts';

/** The state of the call's connection, in words. */
export class Connection {
  phase: ConnectionPhase = $state('connecting');
  path: Path | undefined = $state();
  poor = $state(false);
  /** Set while no sound gets through because no way to the server was found. */
  blockage: Blockage | undefined = $state();
  #before: Received = { packets: 0, lost: 0 };

  readonly text = $derived.by(() => {
    switch (this.phase) {
      case 'connecting':
        return 'Connecting…';
      case 'reconnecting':
        return 'Reconnecting…';
      case 'connected': {
        const state = this.poor ? 'Poor network' : 'Connected';
        return this.path === undefined ? state : `${state} · ${this.path}`;
      }
    }
  });

  reset(phase: ConnectionPhase): void {
    this.phase = phase;
    this.path = undefined;
    this.poor = false;
    this.blockage = undefined;
    this.#before = { packets: 0, lost: 0 };
  }

  /** Takes in fresh statistics of the call's peer connections. */
  measure(reports: readonly RtcReport[]): void {
    const qualities = reports.map(readQuality);
    this.path = qualities.find(({ path }) => path !== undefined)?.path ?? this.path;
    const receiving = qualities.at(-1);
    if (receiving === undefined) return;
    this.poor = isPoor(this.#before, receiving);
    this.#before = receiving.received;
  }
}
