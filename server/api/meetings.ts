import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Door } from '../access/door.ts';
import { RequestError } from '../errors.ts';
import { toJsonLines, toText } from '../transcripts/text.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Access } from './access.ts';
import { failures } from './failures.ts';
import type { Meetings } from './ports.ts';
import {
  ApiError,
  HostHeaders,
  MeetingMade,
  MeetingParams,
  MeetingState,
  TranscriptQuery,
} from './schemas.ts';

export interface MeetingRoutesOptions {
  readonly access: Access;
  readonly door: Pick<Door, 'found' | 'requireHost'>;
  readonly meetings: Meetings;
  /** Undefined: nothing is kept in writing. */
  readonly transcripts?: Pick<Transcripts, 'export'> | undefined;
}

/**
 * Meetings made and ended by a program. What only a host may do takes the meeting's host key besides
 * the token, so that one program has no power over the meetings of another.
 */
export function meetingRoutes(parts: MeetingRoutesOptions): FastifyPluginCallbackZod {
  const { access, door, meetings, transcripts } = parts;
  const onRequest = access.guard('rooms');
  const tags = ['Meetings'];
  const security = [{ token: [] }];
  const errors = { ...failures, 404: ApiError.describe('There is no such meeting.') };

  return (app, _options, done) => {
    app.post(
      '/meetings',
      {
        onRequest,
        schema: {
          ...{ summary: 'Make a meeting', tags, security },
          response: { 201: MeetingMade, ...failures },
        },
      },
      async (_request, reply) => {
        const { roomId, hostKey, guestKey } = await door.found();
        const link = (key: string): string => `/r/${roomId}#k=${key}`;
        reply.code(201);
        const links = { host: link(hostKey), guest: link(guestKey) };
        return { id: roomId, hostKey, guestKey, links };
      },
    );
    app.get(
      '/meetings/:id',
      {
        onRequest,
        schema: {
          ...{ summary: 'Who is in a meeting, in numbers', tags, security },
          ...{ params: MeetingParams, headers: HostHeaders },
          response: { 200: MeetingState, ...errors },
        },
      },
      async ({ params: { id }, headers }) => {
        door.requireHost(id, headers['parley-host-key']);
        return { id, ...(await meetings.look(id)) };
      },
    );
    app.delete(
      '/meetings/:id',
      {
        onRequest,
        schema: {
          ...{ summary: 'End a meeting for everyone', tags, security },
          description: 'Its links open nothing before its host comes back by theirs.',
          ...{ params: MeetingParams, headers: HostHeaders },
          response: { 204: z.null().describe('It has ended.'), ...errors },
        },
      },
      async ({ params: { id }, headers }, reply) => {
        door.requireHost(id, headers['parley-host-key']);
        await meetings.end(id);
        reply.code(204);
        return null;
      },
    );
    app.get(
      '/meetings/:id/transcript',
      {
        onRequest,
        schema: {
          ...{ summary: 'A meeting in writing, if it was kept', tags, security },
          ...{ params: MeetingParams, headers: HostHeaders, querystring: TranscriptQuery },
          response: { 200: transcriptAnswers, ...errors },
        },
      },
      async ({ params: { id }, headers, query: { format } }, reply) => {
        door.requireHost(id, headers['parley-host-key']);
        if (!transcripts) throw new RequestError('notFound', 'this server keeps no transcripts');
        const lines = await transcripts.export(id);
        return format === 'json'
          ? reply.type('application/x-ndjson; charset=utf-8').send(toJsonLines(lines))
          : reply.type('text/plain; charset=utf-8').send(toText(lines));
      },
    );
    done();
  };
}

const transcriptAnswers = {
  description: 'A line for each finished sentence of those who agreed.',
  content: {
    'application/x-ndjson': { schema: z.string() },
    'text/plain': { schema: z.string() },
  },
};
