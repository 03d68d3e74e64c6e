import type { FastifyPluginCallback } from 'fastify';
import { RequestError } from '../errors.ts';
import { Limiter } from '../limiter.ts';
import type { RoomCreated, RoomSummary, ServerInfo } from '../protocol/api.ts';
import { RoomId } from '../protocol/ids.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';

const ROOMS_WINDOW_MS = 60_000;

export interface ApiOptions {
  readonly version: string;
  readonly rooms: RoomRegistry;
  readonly engine: () => EngineInfo;
  /** New meetings from one address in a minute. */
  readonly roomsPerAddress: number;
}

/** What the pages ask before a call. */
export function api({
  version,
  rooms,
  engine,
  roomsPerAddress,
}: ApiOptions): FastifyPluginCallback {
  const limiter = new Limiter({ points: roomsPerAddress, windowMs: ROOMS_WINDOW_MS });
  return (app, _options, done) => {
    app.addHook('onSend', (_request, reply, _payload, next) => {
      reply.header('cache-control', 'no-store');
      next();
    });

    app.post('/rooms', async (request, reply): Promise<RoomCreated> => {
      await limiter.take(request.ip);
      const room = rooms.create();
      reply.code(201);
      return { roomId: room.id };
    });

    app.get<{ Params: { roomId: string } }>('/rooms/:roomId', ({ params }): RoomSummary => {
      const roomId = RoomId.safeParse(params.roomId);
      if (!roomId.success) throw new RequestError('roomNotFound', 'there is no such meeting');
      const room = rooms.get(roomId.data);
      return { roomId: room.id, peers: room.size, full: room.full };
    });

    app.get('/info', (): ServerInfo => ({ version, engine: engine() }));

    // A route, not a handler for what is not found: the pages' own wildcard would come first.
    app.all('/*', () => {
      throw new RequestError('notFound', 'there is no such endpoint');
    });
    done();
  };
}
