import type { RecordLine } from '../../server/protocol/record.ts';

/** For programs: everything as it is, with times in UTC (ISO 8601). */
export function toJson(lines: readonly RecordLine[]): string {
  return `${JSON.stringify({ lines: lines.map(entry) }, undefined, 2)}\n`;
}

function entry(line: RecordLine) {
  const { displayName, source, original, translation, gap, corrected } = line;
  const { startedAt, endedAt } = line;
  return {
    name: displayName,
    startedAt: iso(startedAt),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    language: source,
    text: original,
    ...(translation && {
      translation: {
        language: translation.language,
        text: translation.text,
        aiVoice: translation.spoken,
      },
    }),
    ...(gap && { wordsMissing: gap }),
    ...(corrected && { corrected }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
