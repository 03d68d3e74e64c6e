import type { StageMeter } from '../../media/stage.ts';

/** A stage's meter that tests can read. */
export class CountingMeter implements StageMeter {
  readonly drops: Record<string, number> = {};
  received = 0;
  sent = 0;

  in(): void {
    this.received += 1;
  }

  out(count: number): void {
    this.sent += count;
  }

  drop(reason: string): void {
    this.drops[reason] = (this.drops[reason] ?? 0) + 1;
  }

  took(): void {
    // How long a test takes is of no interest.
  }
}
