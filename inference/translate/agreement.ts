/**
 * What two readings of a growing utterance agree on (LocalAgreement-2: Macháček, Dabre and Bojar,
 * "Turning Whisper into Real-Time Transcription System", IJCNLP 2023). The common beginning of the last
 * two is committed, up to the end of a word and never including the last one, which may not have
 * been spoken to its end. The committed tokens are given to the next reading as its beginning.
 */
export class Agreement {
  readonly #beginsWord: (token: number) => boolean;
  #committed: readonly number[] = [];
  #last: readonly number[] = [];

  constructor(beginsWord: (token: number) => boolean) {
    this.#beginsWord = beginsWord;
  }

  /** Tokens that will not change. */
  get committed(): readonly number[] {
    return this.#committed;
  }

  /** Tokens of the last reading, of which the committed ones are the beginning. */
  get all(): readonly number[] {
    return this.#last;
  }

  /** Takes a reading, which begins with what is committed. */
  read(tokens: readonly number[]): void {
    let agreed = this.#committed.length;
    while (agreed < this.#last.length && this.#last[agreed] === tokens[agreed]) agreed += 1;
    while (agreed > this.#committed.length && !this.#endsWord(tokens, agreed)) agreed -= 1;
    this.#committed = tokens.slice(0, agreed);
    this.#last = tokens;
  }

  /** Whether a new word begins at a place in both readings, or has begun in one. */
  #endsWord(tokens: readonly number[], at: number): boolean {
    const [before, now] = [this.#last[at], tokens[at]];
    const begins = now !== undefined && this.#beginsWord(now);
    return begins && (before === undefined || this.#beginsWord(before));
  }
}
