import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Door } from '../access/door.ts';
import { RequestError } from '../errors.ts';
import { Limiter } from '../limiter.ts';
import type { LimitOptions } from '../options.ts';
import type { Entrance, LanguageMatrix, RoomCreated, ServerInfo } from '../protocol/api.ts';
import { RoomId, RoomKey } from '../protocol/ids.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import { languageMatrix } from './language-matrix.ts';
import { admitOtherNodes } from './other-nodes.ts';
import { transcriptRoutes } from './transcripts.ts';

const WINDOW_MS = 60_000;

const Knock = z.strictObject({ key: RoomKey });

export interface ApiOptions {
  readonly version: string;
  readonly door: Door;
  readonly engine: () => EngineInfo;
  /** Undefined: nothing is kept in writing. */
  readonly transcripts?: Transcripts | undefined;
  readonly limits: Pick<LimitOptions, 'roomsPerAddress' | 'joinsPerAddress'>;
  /** Whether pages of this origin may ask here, too: those of other nodes. Undefined: there are none. */
  readonly mayAsk?: ((origin: string) => boolean) | undefined;
}

/** What the pages ask before a call. */
export function api({
  version,
  door,
  engine,
  transcripts,
  limits,
  mayAsk,
}: ApiOptions): FastifyPluginCallback {
  const making = new Limiter({ points: limits.roomsPerAddress, windowMs: WINDOW_MS });
  const joining = new Limiter({ points: limits.joinsPerAddress, windowMs: WINDOW_MS });
  return (app, _options, done) => {
    app.addHook('onSend', (_request, reply, _payload, next) => {
      reply.header('cache-control', 'no-store');
      next();
    });

    if (mayAsk) admitOtherNodes(app, mayAsk);

    app.post('/rooms', async (request, reply): Promise<RoomCreated> => {
      await making.take(request.ip);
      reply.code(201);
      return door.found();
    });

    app.post<{ Params: { roomId: string } }>(
      '/rooms/:roomId/join',
      async ({ params, body, ip }): Promise<Entrance> => {
        await joining.take(ip);
        const roomId = RoomId.safeParse(params.roomId);
        const knock = Knock.safeParse(body);
        if (!roomId.success || !knock.success) {
          throw new RequestError('roomNotFound', 'there is no such meeting');
        }
        return door.enter(roomId.data, knock.data.key);
      },
    );

    if (transcripts) {
      const authorise = async ({ headers, ip }: FastifyRequest, roomId: RoomId): Promise<void> => {
        await joining.take(ip);
        const shown = RoomKey.safeParse(headers.authorization?.replace(/^Bearer /i, ''));
        if (!shown.success) throw new RequestError('roomNotFound', 'there is no such meeting');
        door.requireHost(roomId, shown.data);
      };
      app.register(transcriptRoutes({ transcripts, authorise }));
    }

    app.get('/info', (): ServerInfo => ({ version, engine: engine() }));
    app.get('/languages', (): LanguageMatrix => languageMatrix(engine()));

    const missing = (): never => {
      throw new RequestError('notFound', 'there is no such endpoint');
    };
    // A route as well as a handler: the pages' own wildcard for GET would come first.
    app.get('/*', missing);
    app.setNotFoundHandler(missing);
    done();
  };
}
