import { Windower } from '../../../media/vad/windows.ts';
import type { Window } from '../../../media/vad/windows.ts';
import { librivox } from '../../support/speech.ts';

/** 20 ms at 16 kHz. */
const FRAME = 320;
const FRAME_MS = 20;

export interface Meeting {
  readonly speakers: number;
  readonly seconds: number;
  /** Each speaks for so long when it is their turn; turns begin half of it apart. */
  readonly turnSeconds: number;
}

export interface Arrival {
  readonly speaker: number;
  readonly window: Window;
}

/**
 * The windows of a meeting in the order they come: two people read aloud at any time, the others'
 * browsers announce silence (DTX). Packets of each have a phase of their own.
 */
export function arrivalsOf({ speakers, seconds, turnSeconds }: Meeting): readonly Arrival[] {
  const recordings = librivox().map(({ audio }) => audio);
  const speech = new Float32Array(recordings.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const audio of recordings) {
    speech.set(audio, end);
    end += audio.length;
  }
  const silence = new Float32Array(FRAME);
  const arrivals: Arrival[] = [];
  for (let speaker = 0; speaker < speakers; speaker += 1) {
    const windower = new Windower();
    const phase = FRAME_MS * ((speaker * 0.618_034) % 1);
    for (let frame = 0; frame < (seconds * 1000) / FRAME_MS; frame += 1) {
      const second = (frame * FRAME_MS) / 1000;
      const intoTurn = (second - (speaker * turnSeconds) / 2) % ((speakers * turnSeconds) / 2);
      const silent = intoTurn < 0 || intoTurn >= turnSeconds;
      const at = ((frame + speaker * 97) * FRAME) % (speech.length - FRAME);
      const windows = windower.push({
        position: frame * FRAME,
        samples: silent ? silence : speech.subarray(at, at + FRAME),
        silent,
        arrivedAt: (frame + 1) * FRAME_MS + phase,
      });
      for (const window of windows) arrivals.push({ speaker, window });
    }
  }
  return arrivals.sort((a, b) => a.window.arrivedAt - b.window.arrivedAt);
}
