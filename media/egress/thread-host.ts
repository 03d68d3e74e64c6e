import type { Egress } from './egress.ts';
import type { PacketMeter, PhraseObserver, VoiceOutlet } from './ports.ts';
import type { Figures, FromEgress, ToEgress } from './thread-messages.ts';

type Outgoing = (message: FromEgress) => void;

/** So many delays are worth a message even while nothing is played. */
const MANY = 100;

/** Counts packets until the figures are sent. */
export class FigureMeter implements PacketMeter {
  #encoded = 0;
  #late: number[] = [];

  pacerLate(ms: number): void {
    this.#late.push(ms);
  }

  /** Whether there is enough to be told. */
  get full(): boolean {
    return this.#late.length >= MANY;
  }

  encoded(): void {
    this.#encoded += 1;
  }

  take(): Omit<Figures, 'outlets'> {
    const taken = { encoded: this.#encoded, late: this.#late };
    this.#encoded = 0;
    this.#late = [];
    return taken;
  }
}

/** The speaking thread's end of the conversation: messages to calls, and what comes of them back. */
export class EgressHost implements Disposable {
  readonly #egress: Egress;
  readonly #meter: FigureMeter;
  readonly #send: Outgoing;
  readonly #outlets = new Map<number, VoiceOutlet>();
  /** Outlets closed while they were being opened. */
  readonly #unwanted = new Set<number>();
  #wasQuiet = true;

  constructor(egress: Egress, meter: FigureMeter, send: Outgoing) {
    this.#egress = egress;
    this.#meter = meter;
    this.#send = send;
  }

  async handle(message: Exclude<ToEgress, { type: 'close' }>): Promise<void> {
    switch (message.type) {
      case 'open':
        await this.#open(message);
        break;
      case 'speak':
        this.#outlets.get(message.outlet)?.speak(message, this.#observe(message.phrase));
        break;
      case 'close-outlet':
        this.#close(message.outlet);
        break;
      case 'snapshot':
        this.#sendFigures();
        this.#send({
          type: 'snapshot',
          request: message.request,
          ...this.#egress.snapshot(),
        });
        break;
    }
  }

  /** To be called now and then; says little while nothing is played. */
  report(): void {
    const isQuiet = this.#outlets.values().every(({ figures }) => figures.waitingMs === 0);
    if (!isQuiet || !this.#wasQuiet || this.#meter.full) this.#sendFigures();
    this.#wasQuiet = isQuiet;
  }

  [Symbol.dispose](): void {
    for (const outlet of this.#outlets.values()) outlet[Symbol.dispose]();
    this.#outlets.clear();
    this.#egress[Symbol.dispose]();
  }

  async #open({ outlet: key, stream }: Extract<ToEgress, { type: 'open' }>): Promise<void> {
    try {
      const outlet = await this.#egress.open(stream);
      if (this.#unwanted.delete(key)) outlet[Symbol.dispose]();
      else this.#outlets.set(key, outlet);
      this.#send({ type: 'opened', outlet: key });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#send({ type: 'refused', outlet: key, message });
    }
  }

  #close(key: number): void {
    const outlet = this.#outlets.get(key);
    if (outlet === undefined) this.#unwanted.add(key);
    outlet?.[Symbol.dispose]();
    this.#outlets.delete(key);
  }

  #sendFigures(): void {
    const outlets = Array.from(this.#outlets, ([outlet, { figures }]) => ({ outlet, ...figures }));
    this.#send({ type: 'figures', outlets, ...this.#meter.take() });
  }

  #observe(phrase: number): PhraseObserver {
    return {
      started: (at) => {
        this.#send({ type: 'started', phrase, at });
      },
      ended: () => {
        this.#send({ type: 'ended', phrase });
      },
      dropped: (reason) => {
        this.#send({ type: 'dropped', phrase, reason });
      },
    };
  }
}
