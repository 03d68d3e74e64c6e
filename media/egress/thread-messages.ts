import type { RtpStream } from '../messages.ts';
import type { EgressOptions } from './egress.ts';
import type { EgressSnapshot, OutletFigures, PhraseLoss, VoicedPhrase } from './ports.ts';

/** What the main thread and the speaking thread say to each other. Both name outlets by number. */
type OutletKey = number;
/** Counts up over all outlets. */
type PhraseKey = number;

/** What the speaking thread is started with. */
export interface ThreadData {
  readonly options: EgressOptions;
  /** Of the main thread's clock; every time in a message is on that clock. */
  readonly originMs: number;
}

export type ToEgress =
  | { readonly type: 'open'; readonly outlet: OutletKey; readonly stream: RtpStream }
  | ({
      readonly type: 'speak';
      readonly outlet: OutletKey;
      readonly phrase: PhraseKey;
    } & VoicedPhrase)
  | { readonly type: 'close-outlet'; readonly outlet: OutletKey }
  | { readonly type: 'snapshot'; readonly request: number }
  | { readonly type: 'close' };

export type FromEgress =
  | { readonly type: 'ready'; readonly voicePort: number }
  | { readonly type: 'opened'; readonly outlet: OutletKey }
  | { readonly type: 'refused'; readonly outlet: OutletKey; readonly message: string }
  | { readonly type: 'started'; readonly phrase: PhraseKey; readonly at: number }
  | { readonly type: 'ended'; readonly phrase: PhraseKey }
  | { readonly type: 'dropped'; readonly phrase: PhraseKey; readonly reason: PhraseLoss }
  | ({ readonly type: 'figures' } & Figures)
  | ({ readonly type: 'snapshot'; readonly request: number } & EgressSnapshot);

/** Sent while there is something to tell, and before every snapshot. */
export interface Figures {
  readonly outlets: readonly (OutletFigures & { readonly outlet: OutletKey })[];
  /** Packets encoded since the last figures. */
  readonly encoded: number;
  /** How late the pacer woke up, each time since the last figures. */
  readonly late: readonly number[];
}
