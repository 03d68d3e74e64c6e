/** RMS, 0 to 1, from which ten milliseconds of sound are heard. */
const AUDIBLE = 0.01;

/** Whether there is something to be heard in ten milliseconds of sound. */
export function audible(samples: Int16Array): boolean {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
  return Math.sqrt(power / samples.length) >= AUDIBLE;
}

/** When something was heard, on the scale of `performance.now()`. */
export class Ear {
  #heard: number[] = [];

  hear(samples: Int16Array, now: number): void {
    if (audible(samples)) this.#heard.push(now);
  }

  /** When sound was first heard after `since`. */
  soundAfter(since: number): number | undefined {
    return this.#heard.find((at) => at > since);
  }

  /** When sound first began after `since`, after silence of at least `silenceMs`. */
  onsetAfter(since: number, silenceMs: number): number | undefined {
    return this.#heard.find(
      (at, i) => at > since && at - (this.#heard[i - 1] ?? -Infinity) >= silenceMs,
    );
  }

  /** Longest time without sound between two moments. */
  longestSilence(from: number, to: number): number {
    const within = [from, ...this.#heard.filter((at) => at > from && at < to), to];
    return Math.max(...within.slice(1).map((at, i) => at - (within[i] ?? at)));
  }

  forget(): void {
    this.#heard = [];
  }
}
