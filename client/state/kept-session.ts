import type { RoomId } from '../../server/protocol/ids.ts';

const KEY = 'parley.session';

/** The part of the browser's sessionStorage that is used. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Proof of having been in a meeting, kept for as long as the tab is open, so that a reload leads back
 * into a meeting that takes nobody new. One meeting at a time.
 */
export class KeptSession {
  readonly #roomId: RoomId;
  readonly #storage: () => TabStorage;

  constructor(roomId: RoomId, storage: () => TabStorage = () => sessionStorage) {
    this.#roomId = roomId;
    this.#storage = storage;
  }

  read(): string | undefined {
    try {
      const kept = (this.#storage().getItem(KEY) ?? '').split(' ');
      return kept[0] === this.#roomId ? kept[1] : undefined;
    } catch {
      // A browser that keeps nothing.
      return undefined;
    }
  }

  write(session: string): void {
    try {
      this.#storage().setItem(KEY, `${this.#roomId} ${session}`);
    } catch {
      // Storage is off or full: a reload comes as somebody new.
    }
  }
}
