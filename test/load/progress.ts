import type { Account } from './account.ts';

/** Where a line per second is shown. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[K';

const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
const clock = (ms: number): string => `${two(ms / 60_000)}:${two((ms / 1000) % 60)}`;
const seconds = (ms: number | undefined): string =>
  ms === undefined ? '–' : `${(ms / 1000).toFixed(2)} s`;

/** How the load goes, in one line. */
export function progressLine(account: Account, elapsedMs: number, asked: number): string {
  const late = account.lateNow;
  const refused = Object.values(account.refusals).reduce((sum, count) => sum + count, 0);
  return [
    clock(elapsedMs),
    `${account.total('present')} of ${asked} in`,
    `join ${seconds(account.joinMs)}`,
    `${account.total('heard')} of ${account.total('said')} phrases heard`,
    `after ${seconds(account.voiceMs)}`,
    `late ${late === undefined ? '–' : `${(100 * late).toFixed(1)} %`}`,
    ...(refused > 0 ? [`refused ${refused}`] : []),
  ].join('   ');
}

/** One line that changes on a terminal; elsewhere one after the other. */
export class Progress {
  readonly #screen: Screen;
  #dirty = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(line: string): void {
    if (this.#screen.isTTY !== true) {
      this.#screen.write(`${line}\n`);
      return;
    }
    this.#screen.write(`${CLEAR_LINE}${line}`);
    this.#dirty = true;
  }

  /** Something that stays. */
  say(text: string): void {
    if (this.#dirty) this.#screen.write('\n');
    this.#dirty = false;
    this.#screen.write(`${text}\n`);
  }
}
