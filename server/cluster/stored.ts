import { z } from 'zod';
import { LanguageLimits } from '../protocol/hosting.ts';
import { LanguageTag, PeerId, Role } from '../protocol/ids.ts';
import type { CaptionLine } from '../rooms/captions.ts';
import type { KeptMessage } from '../rooms/chat-log.ts';
import type { Decisions } from '../rooms/moderation.ts';
import type { Readers } from '../rooms/readership.ts';

/** The shapes of what is kept in Redis, as other nodes have written it, perhaps of another version. */

const text = { committed: z.string(), tentative: z.string() };

const speaker = z.object({ peerId: PeerId, displayName: z.string(), colour: z.int() });

const StoredMessage = z.object({
  chat: z.object({
    ...{ sequence: z.int(), author: speaker, consents: z.boolean(), source: LanguageTag },
    ...{ text: z.string(), sentAt: z.number() },
  }),
});

const StoredLine = z.object({
  sequence: z.int(),
  revision: z.int(),
  speaker,
  caption: z.object({
    type: z.literal('caption'),
    speaker: z.string(),
    utterance: z.int(),
    source: z.string(),
    transcript: z.object(text),
    translations: z.array(z.object({ ...text, language: z.string(), spoken: z.boolean() })),
    final: z.boolean(),
    gap: z.enum(['skipped', 'failed']).exactOptional(),
    startedAt: z.number(),
    endedAt: z.number().exactOptional(),
  }),
  corrected: z.literal(true).exactOptional(),
});

/** JSON knows no infinity: who is still here reads to `null`. */
const StoredReaders = z.array(
  z.tuple([
    PeerId,
    z.array(
      z.object({
        from: z.number(),
        until: z
          .number()
          .nullable()
          .transform((until) => until ?? Infinity),
      }),
    ),
  ]),
);

const StoredDecisions = z.object({
  policy: z.object({
    locked: z.boolean(),
    lobby: z.boolean(),
    languages: LanguageLimits,
    consentNotice: z.boolean(),
  }),
  ended: z.boolean(),
  removed: z.array(PeerId),
  roles: z.array(z.tuple([PeerId, Role])),
});

/** Undefined for what cannot be read: that is lost, and the meeting goes on without it. */
function parsed<T>(schema: z.ZodType<T>, json: string | undefined): T | undefined {
  if (json === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** The last state of each line, in order of their numbers. */
export function readLines(entries: readonly string[]): readonly CaptionLine[] {
  const lines = new Map<number, CaptionLine>();
  for (const entry of entries) {
    const line: CaptionLine | undefined = parsed(StoredLine, entry);
    if (line) lines.set(line.sequence, line);
  }
  return [...lines.values()].sort((a, b) => a.sequence - b.sequence);
}

/** What was written in the chat, oldest first. */
export function readMessages(entries: readonly string[]): readonly KeptMessage[] {
  return entries.flatMap((entry) => parsed(StoredMessage, entry)?.chat ?? []);
}

export function readReaders(json: string | undefined): Readers {
  return parsed(StoredReaders, json) ?? [];
}

export function readDecisions(json: string | undefined): Decisions | undefined {
  return parsed(StoredDecisions, json);
}
