import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import type { EgressOptions } from './egress.ts';
import type {
  EgressSnapshot,
  OutletFigures,
  PacketMeter,
  PhraseObserver,
  VoiceOutlet,
  VoiceOutlets,
} from './ports.ts';
import type { FromEgress, ThreadData, ToEgress } from './thread-messages.ts';

const MAIN = new URL('./thread-main.ts', import.meta.url);
const SILENT: OutletFigures = { waitingMs: 0, tempo: 1 };

export interface EgressThreadDependencies {
  readonly options: EgressOptions;
  /** The monotonic clock of this thread. */
  readonly clock: Pick<Clock, 'now'>;
  readonly packets: PacketMeter;
  /** The thread is gone though nobody closed it; no voice will be heard again. */
  readonly onFailed: (error: Error) => void;
}

/**
 * Speaking on a thread of its own: whatever keeps this one busy, packets leave on time. This end
 * opens outlets, hands phrases over and passes on what becomes of them.
 */
export class EgressThread implements VoiceOutlets {
  readonly voicePort: number;
  readonly #worker: Worker;
  readonly #dependencies: EgressThreadDependencies;
  readonly #opening = new Map<number, PromiseWithResolvers<void>>();
  readonly #snapshots = new Map<number, PromiseWithResolvers<EgressSnapshot>>();
  readonly #figures = new Map<number, OutletFigures>();
  readonly #phrases = new Map<number, PhraseObserver & { readonly outlet: number }>();
  #numbers = 0;
  #over: Error | undefined;

  private constructor(worker: Worker, dependencies: EgressThreadDependencies, voicePort: number) {
    this.#worker = worker;
    this.#dependencies = dependencies;
    this.voicePort = voicePort;
    worker.on('message', (message: FromEgress) => {
      this.#take(message);
    });
    worker.on('error', (error) => {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.#end(new Error('the speaking thread ended'));
    });
  }

  static async create(dependencies: EgressThreadDependencies): Promise<EgressThread> {
    const { options, clock } = dependencies;
    const originMs = Number(process.hrtime.bigint()) / 1e6 - clock.now();
    const workerData: ThreadData = { options, originMs };
    const worker = new Worker(MAIN, { workerData, name: 'voice' });
    const [ready] = (await once(worker, 'message')) as [FromEgress];
    if (ready.type !== 'ready') throw new Error(`the speaking thread began with ${ready.type}`);
    return new EgressThread(worker, dependencies, ready.voicePort);
  }

  async open(stream: RtpStream): Promise<VoiceOutlet> {
    const outlet = this.#numbers++;
    await this.#ask(this.#opening, outlet, { type: 'open', outlet, stream });
    this.#figures.set(outlet, SILENT);
    const figures = (): OutletFigures => this.#figures.get(outlet) ?? SILENT;
    return {
      get figures() {
        return figures();
      },
      speak: (phrase, observer) => {
        if (!this.#figures.has(outlet)) return;
        const key = this.#numbers++;
        this.#phrases.set(key, { outlet, ...observer });
        // A copy goes over: the engine's answer may be a part of a larger buffer.
        const audio = phrase.audio.slice();
        this.#post({ type: 'speak', outlet, phrase: key, ...phrase, audio }, [audio.buffer]);
      },
      [Symbol.dispose]: () => {
        if (!this.#figures.delete(outlet)) return;
        for (const [key, phrase] of this.#phrases) {
          if (phrase.outlet === outlet) this.#phrases.delete(key);
        }
        this.#post({ type: 'close-outlet', outlet });
      },
    };
  }

  snapshot(): Promise<EgressSnapshot> {
    const request = this.#numbers++;
    return this.#ask(this.#snapshots, request, { type: 'snapshot', request });
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    if (this.#over !== undefined) return;
    const exited = once(this.#worker, 'exit');
    this.#over = new Error('the speaking thread is closed');
    this.#worker.postMessage({ type: 'close' } satisfies ToEgress);
    await exited;
    this.#settle(this.#over);
  }

  #ask<T>(asked: Map<number, PromiseWithResolvers<T>>, key: number, message: ToEgress): Promise<T> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const answer = Promise.withResolvers<T>();
    asked.set(key, answer);
    this.#post(message);
    return answer.promise;
  }

  #post(message: ToEgress, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#over === undefined) this.#worker.postMessage(message, transfer);
  }

  #take(message: FromEgress): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'opened':
        this.#opening.get(message.outlet)?.resolve();
        this.#opening.delete(message.outlet);
        break;
      case 'refused':
        this.#opening.get(message.outlet)?.reject(new Error(message.message));
        this.#opening.delete(message.outlet);
        break;
      case 'started':
        this.#phrases.get(message.phrase)?.started(message.at);
        break;
      case 'ended':
      case 'dropped':
        this.#settlePhrase(message);
        break;
      case 'figures':
        for (const { outlet, waitingMs, tempo } of message.outlets) {
          if (this.#figures.has(outlet)) this.#figures.set(outlet, { waitingMs, tempo });
        }
        for (const ms of message.late) this.#dependencies.packets.pacerLate(ms);
        for (let left = message.encoded; left > 0; left--) this.#dependencies.packets.encoded();
        break;
      case 'snapshot':
        this.#snapshots.get(message.request)?.resolve({ stages: message.stages });
        this.#snapshots.delete(message.request);
        break;
    }
  }

  #settlePhrase(message: Extract<FromEgress, { type: 'ended' | 'dropped' }>): void {
    const observer = this.#phrases.get(message.phrase);
    this.#phrases.delete(message.phrase);
    if (message.type === 'ended') observer?.ended();
    else observer?.dropped(message.reason);
  }

  #end(error: Error): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    this.#settle(error);
    this.#dependencies.onFailed(error);
  }

  #settle(error: Error): void {
    for (const { reject } of this.#opening.values()) reject(error);
    for (const { reject } of this.#snapshots.values()) reject(error);
    this.#opening.clear();
    this.#snapshots.clear();
    this.#phrases.clear();
  }
}
