/** What SentencePiece writes for a space, at the beginning of a word. */
const SPACE = '\u2581';
const SPECIAL = /^<\|.*\|>$/;
const UNSPOKEN = new Set(['<pad>', '<unk>', '<blk>']);
const BYTE = /^<0x([0-9A-F]{2})>$/;

/** Why a vocabulary was refused. */
export class VocabularyError extends Error {
  override readonly name = 'VocabularyError';
}

/**
 * The pieces that a model reads and writes. In flash models one piece may have several numbers, one
 * for each language; special ones such as `<|en|>` have one.
 */
export class Vocabulary {
  readonly #pieces: readonly string[];
  readonly #specials: ReadonlyMap<string, number>;

  private constructor(pieces: readonly string[], specials: ReadonlyMap<string, number>) {
    this.#pieces = pieces;
    this.#specials = specials;
  }

  /** Reads `vocab.txt`: a piece, a space and its number on each line. Throws a VocabularyError. */
  static parse(text: string): Vocabulary {
    const pieces: string[] = [];
    const specials = new Map<string, number>();
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const space = line.lastIndexOf(' ');
      const piece = line.slice(0, space);
      const number = line.slice(space + 1).trimEnd();
      if (space < 1 || !/^\d+$/.test(number)) {
        throw new VocabularyError(`line ${index + 1} is not a piece and its number`);
      }
      const id = Number(number);
      if (id !== pieces.length) {
        throw new VocabularyError(`line ${index + 1} has number ${id} and not ${pieces.length}`);
      }
      pieces.push(piece);
      if (SPECIAL.test(piece)) specials.set(piece, id);
      else if (piece === SPACE && !specials.has(SPACE)) specials.set(SPACE, id);
    }
    return new Vocabulary(pieces, specials);
  }

  get size(): number {
    return this.#pieces.length;
  }

  has(special: string): boolean {
    return this.#specials.has(special);
  }

  /** Number of a special piece, such as `<|en|>`, or of the lone space. Throws a VocabularyError. */
  id(special: string): number {
    const id = this.#specials.get(special);
    if (id === undefined) throw new VocabularyError(`there is no piece ${special}`);
    return id;
  }

  /** Whether a piece begins a word, so that the word before it is complete. */
  beginsWord(id: number): boolean {
    return this.#pieces[id]?.startsWith(SPACE) ?? false;
  }

  /**
   * The text of pieces; special ones are left out. This is what SentencePiece itself makes of them:
   * onnx-asr also removes spaces before punctuation, which would spoil "Hola, ¿qué tal?".
   */
  text(ids: readonly number[]): string {
    let text = '';
    let bytes: number[] = [];
    const flush = () => {
      if (bytes.length > 0) text += new TextDecoder().decode(Uint8Array.from(bytes));
      bytes = [];
    };
    for (const id of ids) {
      const piece = this.#pieces[id] ?? '';
      const byte = BYTE.exec(piece)?.[1];
      if (byte !== undefined) {
        bytes.push(Number.parseInt(byte, 16));
        continue;
      }
      flush();
      if (!piece.startsWith('<|') && !UNSPOKEN.has(piece)) text += piece.replaceAll(SPACE, ' ');
    }
    flush();
    return text.replaceAll(/ {2,}/g, ' ').trim();
  }
}
