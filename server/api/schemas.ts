import { z } from 'zod';
import { ErrorCode } from '../protocol/errors.ts';
import { LanguageTag, RoomId, RoomKey } from '../protocol/ids.ts';

/** What goes in and comes out of the API; the OpenAPI document is made of it. */

const MOST_TARGETS = 10;
const MOST_TEXTS = 100;
/** As the engine takes at once. */
const MOST_CHARACTERS = 10_000;

const Language = LanguageTag.meta({
  description: 'A BCP-47 tag such as `es` or `pt-BR`.',
  examples: ['es'],
});
const Milliseconds = z.int().min(0);

export const ApiError = z
  .object({ code: ErrorCode, message: z.string() })
  .describe('What went wrong: a code for programs, and English for who writes them.');

const Text = z
  .string()
  .min(1)
  .max(MOST_CHARACTERS)
  .meta({ examples: ['Good morning'] });
export const TranslateBody = z.strictObject({
  text: z
    .union([Text, z.array(Text).min(1).max(MOST_TEXTS)])
    .describe('A text, or up to 100 of them.'),
  source: Language.meta({ examples: ['en'] }),
  targets: z.array(Language).min(1).max(MOST_TARGETS),
});
export const TranslateAnswer = z.object({
  texts: z
    .array(z.object({ translations: z.array(z.object({ language: Language, text: z.string() })) }))
    .describe('In the order of the texts, with translations in the order of the targets.'),
});

const Source = Language.meta({ description: 'The language spoken.', examples: ['en'] });
export const RECORDING_FORMATS = ['json', 'srt', 'vtt', 'ndjson'] as const;
const Format = z
  .enum(RECORDING_FORMATS)
  .optional()
  .describe(
    'How to answer; left out, the header `Accept` says it. `srt` and `vtt` take one recording. ' +
      '`ndjson` tells what happens while it happens, an event a line.',
  );
export const TranscribeQuery = z.object({ source: Source, format: Format });
export const TranscribeTranslateQuery = z.object({
  source: Source,
  targets: z
    .string()
    .max(200)
    .transform((list) => [...new Set(list.split(',').map((tag) => tag.trim()))])
    .pipe(z.array(LanguageTag).min(1).max(MOST_TARGETS))
    .describe('Languages to translate into, with commas between: `es,ca`.'),
  show: Language.optional().describe(
    'Which language subtitles are in; left out: the first of the targets.',
  ),
  format: Format,
});

export const Segment = z.object({
  startMs: Milliseconds.describe('From the beginning of the recording.'),
  endMs: Milliseconds,
  text: z.string().describe('What was said; empty where there is a gap.'),
  translations: z
    .array(
      z.object({ language: Language, text: z.string(), lost: z.literal(true).exactOptional() }),
    )
    .describe('In the order of the targets; `lost`: could not be translated.'),
  gap: z.literal('failed').exactOptional().describe('This stretch of speech was given up.'),
});
export type Segment = z.infer<typeof Segment>;

const Recording = z.object({
  name: z.string().describe('The name it was sent under.'),
  durationMs: Milliseconds.exactOptional(),
  segments: z.array(Segment),
  error: ApiError.exactOptional().describe('Why it, of several, could not be read.'),
});
export type Recording = z.infer<typeof Recording>;
export const RecordingsAnswer = z.object({ files: z.array(Recording) });

const file = { file: Milliseconds.describe('Which recording, from 0.') };
/** A line of an answer in NDJSON. */
export const ApiEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('file'), ...file, name: z.string() }),
  z.object({ type: z.literal('progress'), ...file, heardMs: Milliseconds }),
  z.object({ type: z.literal('segment'), ...file, ...Segment.shape }),
  z.object({ type: z.literal('end'), ...file, durationMs: Milliseconds }),
  z.object({ type: z.literal('failed'), ...file, error: ApiError }),
  z.object({ type: z.literal('done'), files: Milliseconds }),
  z.object({ type: z.literal('error'), error: ApiError }),
]);
export type ApiEvent = z.infer<typeof ApiEvent>;

export const SPEECH_FORMATS = ['wav', 'mp3', 'ogg', 'webm', 'flac'] as const;
/** `characters`: the longest text. */
export const speakBody = (characters: number) =>
  z.strictObject({
    text: z.string().trim().min(1).max(characters),
    language: Language,
    voice: z
      .string()
      .regex(
        /^(male|female)(-\d{1,2})?$/,
        'neither male nor female, nor one of these with a number',
      )
      .default('female')
      .describe('`female` or `male`, or one of several: `female-1`.'),
    format: z.enum(SPEECH_FORMATS).default('wav'),
  });

export const MeetingParams = z.object({ id: RoomId });
export const HostHeaders = z.object({
  'parley-host-key': RoomKey.describe('The `hostKey` of the meeting.'),
});
export const MeetingMade = z.object({
  id: RoomId,
  hostKey: RoomKey.describe('For all that only its host may do. Keep it.'),
  guestKey: RoomKey,
  links: z
    .object({ host: z.string(), guest: z.string() })
    .describe('What to open in a browser, behind the address of this server.'),
});
export const MeetingState = z.object({
  id: RoomId,
  people: Milliseconds.describe('Who have a place in it.'),
  waiting: Milliseconds.optional().describe(
    'Who wait to be let in; left out for a meeting of another node.',
  ),
  node: z.string().optional().describe('Address of the other node that has the meeting.'),
});
export const TranscriptQuery = z.object({ format: z.enum(['json', 'txt']).default('json') });

export const Health = z.object({
  status: z.enum(['ok', 'starting']),
  version: z.string(),
  engine: z.object({ state: z.enum(['starting', 'ready', 'failed']), name: z.string() }),
  reasons: z.array(z.string()).describe('Why nothing can be translated now.'),
});

const Pair = z.object({ source: Language, target: Language, via: Language.exactOptional() });
/** GET /api/languages, which the pages ask, too. */
export const Languages = z.object({
  state: z.enum(['starting', 'ready', 'failed']),
  languages: z.array(Language),
  recognises: z.array(Language),
  pairs: z.array(Pair).describe('Translations of speech; `via`: through this language.'),
  texts: z.array(Pair).describe('Translations of texts.'),
  identifies: z.array(Language),
});
