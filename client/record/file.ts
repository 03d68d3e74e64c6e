import type { HearChoice } from '../../server/protocol/ids.ts';
import type { RecordLine } from '../../server/protocol/record.ts';
import { m } from '../paraglide/messages.js';
import { toJson } from './json.ts';
import { toSrt } from './srt.ts';
import { toTxt } from './txt.ts';
import { toVtt } from './vtt.ts';

export const formats = ['txt', 'srt', 'vtt', 'json'] as const;
export type Format = (typeof formats)[number];

/** What a format is good for, in words. */
export const purpose: Readonly<Record<Format, () => string>> = {
  txt: m.record_purpose_txt,
  srt: m.record_purpose_srt,
  vtt: m.record_purpose_vtt,
  json: m.record_purpose_json,
};

const types: Readonly<Record<Format, string>> = {
  txt: 'text/plain;charset=utf-8',
  srt: 'application/x-subrip;charset=utf-8',
  vtt: 'text/vtt;charset=utf-8',
  json: 'application/json',
};

/** The record as a file of this format. */
export function recordFile(
  lines: readonly RecordLine[],
  format: Format,
  language: HearChoice,
): File {
  return new File([written(lines, format)], fileName(lines, format, language), {
    type: types[format],
  });
}

function written(lines: readonly RecordLine[], format: Format): string {
  switch (format) {
    case 'txt':
      return toTxt(lines);
    case 'srt':
      return toSrt(lines);
    case 'vtt':
      return toVtt(lines);
    case 'json':
      return toJson(lines);
  }
}

/** `parley-2026-11-21-es.srt`: the day it began in UTC, and the language it was translated into. */
function fileName(lines: readonly RecordLine[], format: Format, language: HearChoice): string {
  const day = new Date(lines[0]?.startedAt ?? Date.now()).toISOString().slice(0, 10);
  return `parley-${day}-${language}.${format}`;
}

/** Hands a file to the browser, which saves it or asks where. */
export function save(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // Some browsers read it only after a while.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
