/** Something coturn reports that its operator should know. */
export interface CoturnReport {
  readonly level: 'warn' | 'error';
  readonly message: string;
}

/** "12: : ERROR: text", or since coturn 4.6.2 "12: (345): ERROR: text". */
const REPORT = /^\d+: (?:\(\d+\))?:? ?(WARNING|ERROR|FATAL|CRITICAL): *(.*)$/;
/** What participants do or send makes lines of these kinds, most of them with names or addresses. */
const ABOUT_SOMEONE = /<|session|user|peer|credential|realm|nonce|origin/i;
/** Words that could be an address, a port or a time. */
const NUMBERS = /\S*(?:\d|::)\S*/g;

/**
 * The part of a line of coturn's log that may go into ours: warnings and errors about the relay
 * itself, without numbers. Undefined for everything else.
 */
export function coturnReport(line: string): CoturnReport | undefined {
  const [, level, text = ''] = REPORT.exec(line) ?? [];
  if (level === undefined || text === '' || ABOUT_SOMEONE.test(text)) return undefined;
  return {
    level: level === 'WARNING' ? 'warn' : 'error',
    message: text.replaceAll(NUMBERS, '#').trim(),
  };
}
