import type { RoomId } from '../protocol/ids.ts';
import type { LocalRooms, RoomDirectory, RoomPlace } from './directory.ts';

/** The directory of a server that is alone: every meeting is here, and is known while it is open. */
export class SingleNode implements RoomDirectory {
  readonly doors = [];
  readonly #rooms: Pick<LocalRooms, 'has' | 'create'>;

  constructor(rooms: Pick<LocalRooms, 'has' | 'create'>) {
    this.#rooms = rooms;
  }

  found(): Promise<RoomId> {
    return Promise.resolve(this.#rooms.create());
  }

  locate(id: RoomId, mayBeNew: boolean): Promise<RoomPlace | undefined> {
    return Promise.resolve(mayBeNew || this.#rooms.has(id) ? {} : undefined);
  }

  /** Meetings are opened by whoever joins. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  holds(): boolean {
    return true;
  }

  release(): void {
    // It is forgotten with its memory.
  }

  chronicle(): undefined {
    return undefined;
  }
}
