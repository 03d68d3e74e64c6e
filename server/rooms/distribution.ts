import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { NewConsumer, TrackKind } from '../protocol/events.ts';
import type { PeerId, ProducerId } from '../protocol/ids.ts';
import { isPicture } from '../protocol/sources.ts';
import type { Peer, Received } from './peer.ts';

/** A track that one listener should receive. */
export interface Track {
  readonly producerId: ProducerId;
  readonly peerId: PeerId;
  readonly track: TrackKind;
  readonly paused: boolean;
}

export interface DistributionOptions {
  /** Tracks one listener receives; the last ones asked for are left out. */
  readonly maxTracks: number;
  readonly log: Logger;
}

/**
 * Makes what a listener receives equal to what they should. Consumers start paused and are resumed
 * when the browser says that it is ready, because packets that come before its media section are
 * bound to the wrong one.
 */
export async function distribute(
  listener: Peer,
  asked: readonly Track[],
  { maxTracks, log }: DistributionOptions,
): Promise<void> {
  const shown = canShow(listener) ? asked : asked.filter(({ track }) => !isPicture(track.type));
  const tracks = shown.slice(0, maxTracks);
  const wanted = new Set(tracks.map((track) => track.producerId));
  for (const [consumerId, { offer }] of [...listener.received]) {
    if (!wanted.has(offer.producerId)) listener.stopReceiving(consumerId);
  }
  const receiving = new Set([...listener.received.values()].map(({ offer }) => offer.producerId));
  for (const track of tracks) {
    if (!receiving.has(track.producerId)) await addTrack(listener, track, log);
  }
}

/** Whether this page can show pictures at all. */
function canShow({ rtpCapabilities: { codecs = [] } }: Peer): boolean {
  return codecs.some(({ kind }) => kind === 'video');
}

async function addTrack(listener: Peer, track: Track, log: Logger): Promise<void> {
  const transport = listener.transports.get('recv');
  if (!transport) return;
  const { producerId, peerId } = track;
  const onScore = (score: number): void => {
    // A picture is made to fit the way, so its score says nothing of it.
    if (consumer?.kind === 'audio' && listener.received.has(consumer.id))
      listener.network.score(consumer.id, score);
  };
  const consumer = await transport
    .consume(producerId, listener.rtpCapabilities, onScore)
    .catch((error: unknown) => {
      const gone = error instanceof RequestError && error.code === 'unavailable';
      if (!gone) log.warn({ err: error, peerId: listener.id }, 'a track cannot be received');
    });
  if (!consumer) return;
  if (listener.transports.get('recv') !== transport) {
    consumer.close();
    return;
  }
  const offer: NewConsumer = {
    consumerId: consumer.id,
    producerId,
    peerId,
    track: track.track,
    kind: consumer.kind,
    rtpParameters: consumer.rtpParameters,
    producerPaused: track.paused,
  };
  const received: Received = { consumer, offer, held: false, ready: false };
  listener.received.set(consumer.id, received);
  offerTrack(listener, received, log);
}

/** Offers again what someone who was away has not taken. */
export function offerAgain(listener: Peer, log: Logger): void {
  for (const received of listener.received.values()) {
    if (!received.ready) offerTrack(listener, received, log);
  }
}

/** Someone who is away is offered it when they come back. */
function offerTrack(listener: Peer, received: Received, log: Logger): void {
  if (!listener.line.open) return;
  resumeWhenReady(listener, received).catch((error: unknown) => {
    log.debug({ err: error, peerId: listener.id }, 'a track was not taken');
  });
}

async function resumeWhenReady(listener: Peer, received: Received): Promise<void> {
  const { offer } = received;
  await listener.line.offer(offer);
  received.ready = true;
  const current = listener.received.get(offer.consumerId) === received;
  if (current && !received.held) await received.consumer.resume();
}
