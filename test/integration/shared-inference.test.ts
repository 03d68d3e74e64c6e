import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EndpointChild } from '../support/endpoint-child.ts';
import { eventually } from '../support/eventually.ts';
import { MediaChild } from '../support/media-child.ts';
import { mediaOptions } from '../support/media-options.ts';
import { join, silence } from '../support/pcm.ts';
import { RouterStandIn } from '../support/router-stand-in.ts';
import { speechPackets } from '../support/rtp-builder.ts';
import { sentence } from '../support/speech.ts';

/** The real media process with two servers of models, processes that stand for other machines. */

const LIMITS = { concurrency: 32, queue: 32 };

let engines: readonly [EndpointChild, EndpointChild];
let media: MediaChild;
let router: RouterStandIn;

beforeEach(async () => {
  engines = await Promise.all([EndpointChild.start(), EndpointChild.start()]);
  media = await MediaChild.start(mediaOptions());
  router = await RouterStandIn.open();
  const urls = engines.map(({ url }) => url);
  await media.command({ type: 'engine', elsewhere: { urls, fallback: false, ...LIMITS } });
  await openSpeaker();
  await until(() => figures('state', 'state="ready"'), [1, 1]);
});

afterEach(async () => {
  await media[Symbol.asyncDispose]();
  await router[Symbol.asyncDispose]();
  for (const engine of engines) await engine[Symbol.asyncDispose]();
});

async function openSpeaker(): Promise<void> {
  await media.command({
    type: 'open-speaker',
    speaker: 'ann',
    stream: { ...router.stream(0xaaaa), payloadType: 100 },
    language: 'en',
    voice: { kind: 'female', variant: 0 },
  });
  const voice = router.stream(0xbbbb);
  const targets = [{ language: 'es', voice }];
  await media.command({ type: 'set-targets', speaker: 'ann', targets, transcript: true });
}

/** A metric of both endpoints. */
async function figures(name: string, labels = ''): Promise<number[]> {
  const answer = await media.command({ type: 'get-metrics' });
  const text = answer.type === 'done' ? (answer.metrics ?? '') : '';
  return engines.map(({ url }) => {
    const endpoint = `endpoint="${new URL(url).host}"`;
    const line = text
      .split('\n')
      .find(
        (each) =>
          each.startsWith(`parley_media_endpoint_${name}{`) &&
          each.includes(endpoint) &&
          each.includes(labels),
      );
    return Number(line?.split(' ').at(-1));
  });
}

async function until(read: () => Promise<number[]>, wanted: readonly number[]): Promise<void> {
  while ((await read()).join() !== wanted.join()) await new Promise((next) => setTimeout(next, 50));
}

/** Says a sentence, and does something to the engine that hears it when words of it are shown. */
async function sayWhile(act: (engine: EndpointChild) => void): Promise<void> {
  const said = join(sentence('0880').audio, silence(1_000, 16_000));
  const stream = { ...router.stream(0xaaaa), payloadType: 100 };
  const playing = router.play(await speechPackets(said), stream, media.ports.rtpPort);
  await eventually(() => media.captions.length > 0);
  const at = (await figures('utterances')).indexOf(1);
  const engine = engines[at];
  if (engine === undefined) throw new Error('nobody hears the utterance');
  act(engine);
  await playing;
  await eventually(() => media.captions.some(({ final }) => final));
}

describe('an utterance', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'whose engine gets a %s in the middle is heard all the same, and once',
    async (signal) => {
      await sayWhile((engine) => {
        engine.signal(signal);
      });
      await eventually(() => router.of(router.stream(0xbbbb)).length >= 5);
      const finals = media.captions.filter(({ final }) => final);
      expect(finals).toHaveLength(1);
      expect(finals[0]?.gap).toBeUndefined();
      const words = finals[0]?.transcript.committed.split(' ') ?? [];
      expect(words.length).toBeGreaterThan(20);
      expect(words).toEqual(words.map((_, at) => `word${at}`));
      expect(finals[0]?.translations[0]).toMatchObject({ language: 'es', spoken: true });
      expect((await figures('failovers_total')).toSorted()).toEqual([0, 1]);
      let told = '';
      for (const { transcript } of media.captions) {
        expect(transcript.committed.startsWith(told)).toBe(true);
        told = transcript.committed;
      }
    },
  );
});
