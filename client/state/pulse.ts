/** Whether anything still arrives over the connections of a call. Times in milliseconds. */
export class Pulse {
  #arrived = 0;
  #lastAt: number | undefined;

  /** Takes a look at all that has arrived so far. Less than before is another connection: life. */
  feel(arrived: number, now: number): void {
    if (arrived === this.#arrived) return;
    this.#arrived = arrived;
    this.#lastAt = now;
  }

  /** For how long nothing has arrived; 0 while nothing ever has. */
  quietFor(now: number): number {
    return this.#lastAt === undefined ? 0 : now - this.#lastAt;
  }

  forget(): void {
    this.#arrived = 0;
    this.#lastAt = undefined;
  }
}
