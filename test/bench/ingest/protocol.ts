/** What the sender is asked: one stream to each port, SSRCs counted from 1. */
export interface SenderJob {
  readonly ports: readonly number[];
  readonly payloadType: number;
  /** Per stream, 20 ms apart. */
  readonly packets: number;
}

export type SenderReport =
  | { readonly type: 'ready'; readonly port: number }
  /** By stream and packet, in milliseconds of CLOCK_MONOTONIC. */
  | { readonly type: 'sent'; readonly sentAt: readonly number[][] };

export interface ReceiverJob {
  readonly streams: number;
  readonly payloadType: number;
  /** Port that packets come from. */
  readonly from: number;
}

export interface Delivery {
  /** CLOCK_MONOTONIC. */
  readonly at: number;
  /** Samples of the stream delivered so far. */
  readonly samples: number;
}

export type ReceiverReport =
  /** Where each stream is to be sent. */
  | { readonly type: 'ready'; readonly ports: readonly number[] }
  /** By stream, in order. */
  | { readonly type: 'delivered'; readonly deliveries: readonly (readonly Delivery[])[] };

export const PAYLOAD_TYPE = 100;

/** Where this process's own clock begins on CLOCK_MONOTONIC, which all processes share. */
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const monotonicMs = (): number => origin + performance.now();
