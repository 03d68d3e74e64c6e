import { readFile } from 'node:fs/promises';
import type { Secret } from '../access/secret.ts';
import { StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { ServerOptions } from '../options.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import { openClusterBus } from '../signaling/cluster-bus.ts';
import { Cluster } from './cluster.ts';

export interface JoinParts {
  readonly options: ServerOptions;
  readonly version: string;
  readonly secret: Secret;
  readonly rooms: RoomRegistry;
  /** People the media processes serve, and how many they may. */
  readonly streams: () => { readonly used: number; readonly most: number };
  readonly log: Logger;
}

/**
 * Makes this server one of the nodes that share a Redis; undefined when none is named. Rejects with a
 * StartError for what the person who starts it can put right.
 */
export async function joinCluster(parts: JoinParts): Promise<Cluster | undefined> {
  const { options, version, secret, rooms, streams, log } = parts;
  const { redisUrl, redisPasswordFile } = options.cluster;
  if (redisUrl === '') return undefined;
  if (options.secretFile === '') {
    throw new StartError(
      'Nodes that share meetings must share the secret that links and tokens are made from: ' +
        'give all of them the same file in PARLEY_SECRET_FILE.',
    );
  }
  const { maxRooms, maxPeersInAll, emptyTimeoutMs } = options.rooms;
  return Cluster.create({
    options: options.cluster,
    redis: { url: redisUrl, password: await passwordIn(redisPasswordFile) },
    keepMs: emptyTimeoutMs,
    version,
    fingerprint: Buffer.from(secret.keyFor('cluster')).toString('base64url'),
    rooms: {
      has: (id) => rooms.find(id) !== undefined,
      create: () => rooms.create().id,
      open: (id, past) => {
        rooms.revive(id, past);
      },
      move: (id, lingerMs) => {
        rooms.move(id, lingerMs);
      },
      end: (id) => {
        rooms.end(id);
      },
      get ids() {
        return rooms.ids;
      },
    },
    figures: () => {
      const people = rooms.peers + rooms.waiting;
      const { used, most } = streams();
      const shares = {
        rooms: rooms.size / maxRooms,
        people: people / maxPeersInAll,
        streams: used / most,
      };
      return { rooms: rooms.size, people, shares };
    },
    openBus: openClusterBus,
    log,
  });
}

async function passwordIn(file: string): Promise<string | undefined> {
  if (file === '') return undefined;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new StartError(
      `The file ${file}, which PARLEY_CLUSTER_REDIS_PASSWORD_FILE names, cannot be read.`,
      { cause },
    );
  }
}
