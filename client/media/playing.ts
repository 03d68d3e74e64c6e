import { inboundTracks, number, total } from './rtc-report.ts';
import type { RtcReport } from './rtc-report.ts';

/** How the browser's own buffers fare, over all tracks and since the call was joined. */
export interface Playing {
  /** Unevenness of arrival on the worst track, milliseconds. */
  readonly jitterMs: number;
  /** Mean wait of sound between its arrival and its playing, milliseconds. */
  readonly bufferMs: number;
  /** Share of the sound that had to be made up because it was missing, 0 to 1. */
  readonly concealed: number;
}

/** Reads it out of a receiving connection; undefined while nothing has been played. */
export function readPlaying(report: RtcReport): Playing | undefined {
  const tracks = inboundTracks(report);
  const played = total(tracks, 'jitterBufferEmittedCount');
  const samples = total(tracks, 'totalSamplesReceived');
  if (played === 0 || samples === 0) return undefined;
  // Silence between phrases is filled in too, but nobody misses it.
  const missed = total(tracks, 'concealedSamples') - total(tracks, 'silentConcealedSamples');
  return {
    jitterMs: Math.max(...tracks.map((track) => number(track, 'jitter'))) * 1000,
    bufferMs: (total(tracks, 'jitterBufferDelay') / played) * 1000,
    concealed: Math.max(0, missed) / samples,
  };
}
