import type { Meetings } from '../api/ports.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import type { Cluster } from './cluster.ts';

/** The meetings of this server and of the nodes beside it, as programs may look at and end them. */
export function meetingsOf(
  rooms: Pick<RoomRegistry, 'find' | 'end'>,
  cluster: Pick<Cluster, 'directory' | 'endRoom'> | undefined,
): Meetings {
  return {
    look: async (id) => {
      const elsewhere = await cluster?.directory.elsewhere(id);
      if (elsewhere) return elsewhere;
      const room = rooms.find(id);
      return { people: room?.size ?? 0, waiting: room?.waiting ?? 0 };
    },
    end: async (id) => {
      if (cluster) await cluster.endRoom(id);
      else rooms.end(id);
    },
  };
}
