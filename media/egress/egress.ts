import { loadLibopus } from 'libopus-wasm';
import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import type { MediaOptions } from '../options.ts';
import { Tallies } from '../tally.ts';
import { Outlet } from './outlet.ts';
import type { OutletOptions, OutletShared } from './outlet.ts';
import { Pacer } from './pacer.ts';
import type { EgressSnapshot, PacketMeter, VoiceOutlet, VoiceOutlets } from './ports.ts';
import { Resampler } from './resample.ts';

export type EgressOptions = OutletOptions & Pick<MediaOptions, 'pacerCatchUpMs'>;

export interface EgressDependencies {
  readonly options: EgressOptions;
  readonly clock: Clock;
  readonly socket: OutletShared['socket'];
  readonly packets: PacketMeter;
}

/**
 * All translated voices of one media process on their way to packets. Belongs on a thread of its
 * own, see thread.ts; nothing in here knows of threads.
 */
export class Egress implements VoiceOutlets, Disposable {
  readonly #options: EgressOptions;
  readonly #shared: OutletShared;
  readonly #tallies: Tallies;
  readonly #owned: DisposableStack;

  private constructor(
    options: EgressOptions,
    shared: OutletShared,
    tallies: Tallies,
    owned: DisposableStack,
  ) {
    this.#options = options;
    this.#shared = shared;
    this.#tallies = tallies;
    this.#owned = owned;
  }

  static async create(dependencies: EgressDependencies): Promise<Egress> {
    const { options, clock, socket, packets } = dependencies;
    await loadLibopus();
    using owned = new DisposableStack();
    const tallies = new Tallies(clock);
    const shared = {
      clock,
      socket,
      packets,
      resampler: owned.use(new Resampler()),
      pacer: owned.use(
        new Pacer(clock, options.pacerCatchUpMs, (ms) => {
          packets.pacerLate(ms);
        }),
      ),
      playout: tallies.stage('playout'),
      encoding: tallies.stage('encode'),
    };
    return new Egress(options, shared, tallies, owned.move());
  }

  open(stream: RtpStream): Promise<VoiceOutlet> {
    return Outlet.create(stream, this.#shared, this.#options);
  }

  snapshot(): EgressSnapshot {
    return { stages: this.#tallies.stats };
  }

  /** Outlets belong to whoever opened them and are to be disposed before. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
