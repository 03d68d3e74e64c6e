import { z } from 'zod';
import { metricValue, startParley } from '../support/parley.ts';
import { figuresOfFamily, figuresOfMetrics } from './figures.ts';
import type { Figures } from './figures.ts';

/** Nothing that a bot does is too much for a server that was started for it. */
const NO_LIMITS = {
  PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS: '1000000',
  PARLEY_LIMITS_REQUESTS_PER_ADDRESS: '1000000',
  PARLEY_LIMITS_ROOMS_PER_ADDRESS: '1000000',
  PARLEY_LIMITS_JOINS_PER_ADDRESS: '1000000',
  PARLEY_ROOMS_MAX_ROOMS: '10000',
  PARLEY_ROOMS_MAX_PEERS: '200',
  PARLEY_ROOMS_MAX_PEERS_IN_ALL: '100000',
  PARLEY_ROOMS_MAX_TRACKS_PER_PEER: '400',
  PARLEY_RTC_MAX_CONSUMERS_PER_WORKER: '100000',
  PARLEY_MEDIA_MAX_STREAMS: '1000',
  PARLEY_LOG_LEVEL: 'error',
};

/** As long as the largest model may take to load (canary.loadDeadlineMs), and some more. */
const START_MS = 200_000;
const SPOKEN = 'en';
const Matrix = z.object({
  pairs: z.array(z.object({ source: z.string(), target: z.string() })),
});

/** It cannot be loaded; the message says why. */
export class TargetError extends Error {}

/** What is loaded. */
export interface Target extends AsyncDisposable {
  readonly url: string;
  figures(): Promise<Figures>;
  /** End of speech to first translated packet as the server counts it: seconds in all, and how often. */
  voices(): Promise<{ readonly seconds: number; readonly count: number } | undefined>;
}

/** A server started for the load. Rejects with a TargetError when it does not become ready. */
export async function ownServer(): Promise<Target> {
  const parley = await startParley(NO_LIMITS, START_MS).catch((cause: unknown) => {
    throw new TargetError('The server that was started for this load did not become ready.', {
      cause,
    });
  });
  return {
    url: parley.url,
    figures: () => figuresOfFamily(parley.pid, 'server'),
    voices: () => voicesOf(`${parley.url}/metrics`),
    [Symbol.asyncDispose]: () => parley[Symbol.asyncDispose](),
  };
}

/** One that runs already. Rejects with a TargetError when it does not answer as one. */
export async function runningServer(url: string, metrics = `${url}/metrics`): Promise<Target> {
  await languagesOf(url);
  return {
    url,
    figures: async () => figuresOfMetrics(await textOf(metrics)),
    voices: () => voicesOf(metrics),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The first so many languages that its engine translates the recordings into. */
export async function targetLanguages(url: string, count: number): Promise<readonly string[]> {
  const languages = await languagesOf(url);
  if (languages.length < count) {
    const known = languages.join(', ') || 'no language';
    throw new TargetError(
      `${url} translates English into ${known}; --languages asks for ${count}.`,
    );
  }
  return languages.slice(0, count);
}

async function languagesOf(url: string): Promise<readonly string[]> {
  try {
    const { pairs } = Matrix.parse(await (await fetch(`${url}/api/languages`)).json());
    return pairs.filter(({ source }) => source === SPOKEN).map(({ target }) => target);
  } catch (cause) {
    throw new TargetError(`No Parley server answers at ${url}.`, { cause });
  }
}

/** Empty where they are not shown to us. */
async function textOf(metrics: string): Promise<string> {
  const response = await fetch(metrics).catch(() => undefined);
  return response?.ok === true ? response.text() : '';
}

async function voicesOf(metrics: string) {
  const text = await textOf(metrics);
  const seconds = metricValue(text, 'parley_media_voice_latency_seconds_sum');
  const count = metricValue(text, 'parley_media_voice_latency_seconds_count');
  return seconds === undefined || count === undefined ? undefined : { seconds, count };
}
