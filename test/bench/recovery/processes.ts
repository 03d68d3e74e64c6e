import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Figure, Finding } from '../../support/lab/finding.ts';

const FILE = join(import.meta.dirname, '../../.artifacts/chaos.json');
const times = z.array(z.number());
const Results = z.array(
  z.object({
    process: z.string(),
    signal: z.string(),
    voiceBackMs: times,
    audioBackMs: times,
    captionBackMs: times,
  }),
);

/** robustness.md G2: rooms of a lost media worker are restored within 5 s, captions within 10 s. */
const VOICE_MS = 5_000;
const WORDS_MS = 10_000;

/**
 * What test/chaos measured when it ran last: processes killed or stopped during a call. Counted from
 * the signal to the first translated words of something said afterwards, the saying included. Empty
 * when it has not run here.
 */
export async function killedProcesses(): Promise<readonly Finding[]> {
  const text = await readFile(FILE, 'utf8').catch(() => '[]');
  return Results.parse(JSON.parse(text))
    .map(({ process, signal, voiceBackMs, audioBackMs, captionBackMs }): Finding => ({
      ...{ row: `${process}: ${signal}`, whose: [], claims: [], notes: [] },
      figures: [
        ...longest('original', voiceBackMs, VOICE_MS),
        ...longest('translated', audioBackMs, WORDS_MS),
        ...longest('caption', captionBackMs, WORDS_MS),
      ],
    }))
    .filter(({ figures }) => figures.length > 0);
}

function longest(what: string, values: readonly number[], limit: number): readonly Figure[] {
  return values.length === 0 ? [] : [{ what, value: Math.max(...values), limit, unit: 'ms' }];
}
