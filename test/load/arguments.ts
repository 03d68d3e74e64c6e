import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { z } from 'zod';

export const USAGE = `npm run load -- [options]

What is loaded
  --url URL            a server that runs already; without it one is started here and ended
  --metrics URL        where its /metrics is, when that is not beside its pages
  --rtp                no WebRTC: packets straight to a media process and its models, started here

The load
  --rooms N            meetings (2)
  --peers M            people in each (3)
  --speakers K         of these, how many speak (1)
  --languages L        how many languages the others listen in (1); 0: as it is spoken
  --minutes T          how long, from when everybody is in (1)

What comes of it
  --report FILE        the report, JSON, with a picture beside it (.svg)
  --write-capacity     several such loads, and what they cost into docs/capacity.md

Thresholds; one that is missed ends it with exit code 1
  --max-late-frames S  share of frames made up because they came late or never, such as 0.01
  --max-join-ms N      95 % of joins take no longer
  --max-first-voice-ms N   95 % of listeners hear a translation so soon after they come
  --max-voice-ms N     95 % of voices begin so soon after the speaker's last word
  --min-heard S        share of phrases heard in translation
  --min-captions N     captions for each phrase
  --max-refusals N     times a bot was turned away
`;

/** Wrong use of the tool; the message says what to put right. */
export class UsageError extends Error {}

const share = z.coerce.number().min(0).max(1);
const milliseconds = z.coerce.number().min(0);

const Thresholds = z
  .object({
    maxLateFrames: share,
    maxJoinMs: milliseconds,
    maxFirstVoiceMs: milliseconds,
    maxVoiceMs: milliseconds,
    minHeard: share,
    minCaptions: z.coerce.number().min(0),
    maxRefusals: z.coerce.number().int().min(0),
  })
  .partial();
export type Thresholds = Readonly<z.infer<typeof Thresholds>>;

const count = z.coerce.number().int();

const Arguments = z
  .object({
    rooms: count.min(1).max(10_000).default(2),
    peers: count.min(1).max(200).default(3),
    speakers: count.min(0).max(200).default(1),
    languages: count.min(0).max(20).default(1),
    minutes: z.coerce.number().positive().max(10_080).default(1),
    ...Thresholds.shape,
    url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    metrics: z.url({ protocol: /^https?$/ }).optional(),
    report: z.string().endsWith('.json', 'must end in .json').optional(),
    rtp: z.boolean().default(false),
    writeCapacity: z.boolean().default(false),
  })
  .refine(({ metrics, url }) => metrics === undefined || url !== undefined, {
    message: '--metrics goes with --url',
  })
  .refine(({ rtp, url }) => !rtp || url === undefined, {
    message: '--rtp starts what it loads; it goes with no --url',
  })
  .refine(({ writeCapacity, url }) => !writeCapacity || url === undefined, {
    message: '--write-capacity measures a server of its own; it goes with no --url',
  })
  .refine(({ speakers, peers }) => speakers <= peers, {
    message: '--speakers cannot be more than --peers',
  })
  .refine(({ rtp, languages, speakers, peers }) => rtp || languages <= peers - speakers, {
    message: 'each of the --languages needs somebody who listens: --peers minus --speakers',
  });

/** One load, and what is asked of it. */
export interface Load {
  readonly rooms: number;
  readonly peers: number;
  readonly speakers: number;
  readonly languages: number;
  readonly minutes: number;
}

export interface LoadArguments extends Load {
  readonly url?: string | undefined;
  readonly metrics?: string | undefined;
  readonly report?: string | undefined;
  readonly rtp: boolean;
  readonly writeCapacity: boolean;
  readonly thresholds: Thresholds;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
const FLAGS = ['rtp', 'writeCapacity', 'help'];
const KNOWN = [...Object.keys(Arguments.shape), 'help'];

/** What the command line asks for; `help` when it asks for that. Throws a UsageError. */
export function readArguments(argv: readonly string[]): LoadArguments | 'help' {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    KNOWN.map((name) => [kebab(name), { type: FLAGS.includes(name) ? 'boolean' : 'string' }]),
  );
  const given = parsed([...argv], options);
  if (given['help'] === true) return 'help';
  const named = KNOWN.flatMap((name) => {
    const value = given[kebab(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  const result = Arguments.safeParse(Object.fromEntries(named));
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `--${kebab(path.join('.'))}: ${message}`,
    );
    throw new UsageError(problems.join('\n'));
  }
  return { ...result.data, thresholds: Thresholds.parse(result.data) };
}

function parsed(args: string[], options: ParseArgsOptionsConfig): Record<string, unknown> {
  try {
    return parseArgs({ args, options }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
