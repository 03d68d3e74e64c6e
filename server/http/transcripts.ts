import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { RoomId } from '../protocol/ids.ts';
import { toJsonLines, toText } from '../transcripts/text.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';

export interface TranscriptRoutesOptions {
  readonly transcripts: Pick<Transcripts, 'export' | 'destroy'>;
  /** Rejects with a RequestError unless the request comes from the meeting's host. */
  readonly authorise: (request: FastifyRequest, roomId: RoomId) => Promise<void>;
}

interface Meeting {
  Params: { roomId: string };
  Querystring: { format?: string };
}

const Format = z.enum(['json', 'txt']).default('json');

const formats = {
  json: { type: 'application/x-ndjson', file: 'transcript.jsonl', write: toJsonLines },
  txt: { type: 'text/plain', file: 'transcript.txt', write: toText },
} as const;

/** A meeting in writing, for its host: to take away, and to destroy. */
export function transcriptRoutes({
  transcripts,
  authorise,
}: TranscriptRoutesOptions): FastifyPluginCallback {
  /** Nothing is told about a meeting, not even whether it was kept, before its host has asked. */
  const meetingOf = async (request: FastifyRequest<Meeting>): Promise<RoomId> => {
    const roomId = RoomId.safeParse(request.params.roomId);
    if (!roomId.success) throw new RequestError('roomNotFound', 'there is no such meeting');
    await authorise(request, roomId.data);
    return roomId.data;
  };

  return (app, _options, done) => {
    app.addHook('onSend', (_request, reply, _payload, next) => {
      reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
      next();
    });

    app.get<Meeting>('/rooms/:roomId/transcript', async (request, reply) => {
      const roomId = await meetingOf(request);
      const format = Format.safeParse(request.query.format);
      if (!format.success) throw new RequestError('badRequest', 'the format is json or txt');
      const { type, file, write } = formats[format.data];
      const text = write(await transcripts.export(roomId));
      reply
        .type(`${type}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${file}"`);
      return text;
    });

    app.delete<Meeting>('/rooms/:roomId/transcript', async (request, reply) => {
      await transcripts.destroy(await meetingOf(request));
      return reply.code(204).send();
    });
    done();
  };
}
