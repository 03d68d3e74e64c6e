import { bytesInWords, timeInWords } from './words.ts';

/** Told how a long piece of work comes along. One piece at a time. */
export interface Progress {
  /** `total` is the size of the whole, where it is known; `done` what was there before. */
  begin(title: string, done: number, total: number | undefined): void;
  /** Bytes of the whole that are done by now. */
  reach(done: number): void;
  end(): void;
  /** A line that stays. */
  say(line: string): void;
}

export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

interface Piece {
  readonly title: string;
  readonly before: number;
  readonly total: number | undefined;
  readonly startedAt: number;
  done: number;
  shownAt: number;
}

/** Work in pieces, each shown at most every so many milliseconds. */
abstract class PiecewiseProgress implements Progress {
  protected readonly output: ProgressOutput;
  readonly #everyMs: number;
  #piece: Piece | undefined;

  constructor(output: ProgressOutput, everyMs: number) {
    this.output = output;
    this.#everyMs = everyMs;
  }

  begin(title: string, done: number, total: number | undefined): void {
    const now = this.output.now();
    this.#piece = { title, before: done, total, startedAt: now, done, shownAt: now };
    this.begun(this.#piece);
  }

  reach(done: number): void {
    const piece = this.#piece;
    if (!piece) return;
    piece.done = done;
    const now = this.output.now();
    if (now - piece.shownAt < this.#everyMs) return;
    piece.shownAt = now;
    this.reached(piece, now - piece.startedAt);
  }

  end(): void {
    if (this.#piece) this.ended(this.#piece);
    this.#piece = undefined;
  }

  abstract say(line: string): void;
  protected abstract begun(piece: Piece): void;
  protected abstract reached(piece: Piece, elapsedMs: number): void;
  protected abstract ended(piece: Piece): void;
}

const BAR_WIDTH = 24;

/** One line of a terminal, drawn anew in place. */
export class ProgressBar extends PiecewiseProgress {
  readonly #columns: () => number;

  constructor(output: ProgressOutput, columns: () => number) {
    super(output, 100);
    this.#columns = columns;
  }

  say(line: string): void {
    this.output.write(`\r\x1b[K${line}\n`);
  }

  protected begun(piece: Piece): void {
    this.reached(piece, 0);
  }

  protected reached(piece: Piece, elapsedMs: number): void {
    const share = piece.total ? Math.min(piece.done / piece.total, 1) : undefined;
    const filled = Math.round((share ?? 0) * BAR_WIDTH);
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] `;
    const line = `${share === undefined ? '' : bar}${figures(piece, elapsedMs)}  ${piece.title}`;
    this.output.write(`\r\x1b[K${line.slice(0, Math.max(this.#columns() - 1, 20))}`);
  }

  protected ended(): void {
    this.output.write('\r\x1b[K');
  }
}

/** Plain lines, for logs and pipes. */
export class ProgressLines extends PiecewiseProgress {
  constructor(output: ProgressOutput) {
    super(output, 10_000);
  }

  say(line: string): void {
    this.output.write(`${line}\n`);
  }

  protected begun(piece: Piece): void {
    const size = piece.total === undefined ? '' : ` (${bytesInWords(piece.total)})`;
    const rest = piece.before > 0 ? `, from ${bytesInWords(piece.before)} on` : '';
    this.say(`${piece.title}${size}${rest}`);
  }

  protected reached(piece: Piece, elapsedMs: number): void {
    this.say(`${piece.title}: ${figures(piece, elapsedMs)}`);
  }

  protected ended(): void {
    // The line of what comes next, or of what went wrong, tells.
  }
}

/** "370 of 859 MB (43 %), 12 MB/s, 0:40 left", as far as known. */
function figures({ done, before, total }: Piece, elapsedMs: number): string {
  const perMs = elapsedMs >= 1000 ? (done - before) / elapsedMs : 0;
  const speed = perMs > 0 ? `, ${bytesInWords(perMs * 1000)}/s` : '';
  if (!total) return `${bytesInWords(done)}${speed}`;
  const share = Math.floor((Math.min(done / total, 1) || 0) * 100);
  const left = perMs > 0 ? `, ${timeInWords((total - done) / perMs)} left` : '';
  return `${bytesInWords(done)} of ${bytesInWords(total)} (${share} %)${speed}${left}`;
}
