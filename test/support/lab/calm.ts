import { LOOP_MS } from './browsers.ts';
import type { Seen } from './page-watch.ts';
import { firstBeginning, firstHeard, firstLine, firstPackets, type Span } from './sightings.ts';

/** What a listener waits for: sound of a kind, or the translation of words said from now on. */
export type Awaited = 'original' | 'translated' | 'new words';

/** When it came, counted from `since`; undefined when it has not. */
export function waited(seen: readonly Seen[], what: Awaited, since: number): number | undefined {
  const at = arrival(seen, what, since);
  return at === undefined ? undefined : at - since;
}

function arrival(seen: readonly Seen[], what: Awaited, since: number): number | undefined {
  switch (what) {
    case 'original': {
      // A browser goes on for a moment with sound of its own making when packets stop.
      const packets = firstPackets(seen, since);
      return packets === undefined ? undefined : firstHeard(seen, what, packets);
    }
    case 'translated':
      return firstHeard(seen, what, since);
    case 'new words': {
      const shown = firstLine(seen, since - PRE_ROLL_MS);
      return shown === undefined ? undefined : firstBeginning(seen, 'translated', shown);
    }
  }
}

/**
 * What one waits anyway. Speech has pauses and interpreting takes its time, so even in an undisturbed
 * call nobody hears something at every moment. The speaker repeats the same words, so the wait after
 * a fault is compared with the waits of the undisturbed part at the same place of the loop, give or
 * take `AROUND_MS`; the longest of them counts. Undefined when that part was too short to tell.
 */
export function waitAnyway(
  undisturbed: readonly Seen[],
  span: Span,
  awaited: { readonly what: Awaited; readonly since: number },
): number | undefined {
  const laps = Math.ceil((awaited.since - span.to) / LOOP_MS);
  const waits: number[] = [];
  for (let at = awaited.since - laps * LOOP_MS; at - AROUND_MS >= span.from; at -= LOOP_MS) {
    for (const moment of [at - AROUND_MS, at, at + AROUND_MS]) {
      const wait = waited(undisturbed, awaited.what, moment);
      if (wait !== undefined && moment + wait <= span.to) waits.push(wait);
    }
  }
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const AROUND_MS = 200;

/** A line begins with sound from before its first word: media.vadPreRollMs, and some. */
const PRE_ROLL_MS = 400;
