import type { RtcReport } from '../media/rtc-report.ts';
import { isPoor, readQuality } from '../media/connection-quality.ts';
import type { Blockage, ConnectionPhase, Path, Received } from '../media/connection-quality.ts';
import { m } from '../paraglide/messages.js';

/** A network is judged over so many looks, each two seconds: one burst of losses is no bad network. */
const LOOKS = 4;

/** The state of the call's connection, in words. */
export class Connection {
  phase: ConnectionPhase = $state('connecting');
  path: Path | undefined = $state();
  poor = $state(false);
  /** Set while no sound gets through because no way to the server was found. */
  blockage: Blockage | undefined = $state();
  /** What had been received at the last looks, oldest first. */
  #looks: readonly Received[] = [];

  readonly text = $derived.by(() => {
    switch (this.phase) {
      case 'connecting':
        return m.call_connecting();
      case 'reconnecting':
        return m.call_reconnecting();
      case 'connected': {
        const state = this.poor ? m.call_poor_network() : m.call_connected();
        return this.path === undefined ? state : `${state} · ${this.path}`;
      }
    }
  });

  reset(phase: ConnectionPhase): void {
    this.phase = phase;
    this.path = undefined;
    this.poor = false;
    this.blockage = undefined;
  }

  /** Takes in fresh statistics of the call's peer connections. */
  measure(reports: readonly RtcReport[]): void {
    const qualities = reports.map(readQuality);
    this.path = qualities.find(({ path }) => path !== undefined)?.path ?? this.path;
    const receiving = qualities.at(-1);
    if (receiving === undefined) return;
    const { received } = receiving;
    // New connections count from nothing again.
    const known = this.#looks.filter(({ packets }) => packets <= received.packets);
    this.poor = isPoor(known[0] ?? { packets: 0, lost: 0 }, receiving);
    this.#looks = [...known, received].slice(-LOOKS);
  }
}
