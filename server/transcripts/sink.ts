import type { TranscriptSink } from '../rooms/minutes.ts';
import type { Transcripts } from './transcripts.ts';

/** The store's words for the state of a transcript, in those of the protocol. */
const states = {
  none: 'on',
  kept: 'on',
  failed: 'failed',
  destroyed: 'deleted',
} as const;

/** The transcripts, as meetings write to them. */
export function sinkOf(transcripts: Transcripts): TranscriptSink {
  return {
    write: (roomId, line) => {
      transcripts.write(roomId, line);
    },
    state: (roomId) => states[transcripts.state(roomId)],
  };
}
