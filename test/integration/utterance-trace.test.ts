import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { MediaOptions } from '../../media/options.ts';
import { eventually } from '../support/eventually.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { MediaChild } from '../support/media-child.ts';
import { join, silence } from '../support/pcm.ts';
import { RouterStandIn } from '../support/router-stand-in.ts';
import { speechPackets } from '../support/rtp-builder.ts';
import { sentence } from '../support/speech.ts';
import { TraceCollector } from '../support/trace-collector.ts';
import type { CollectedSpan } from '../support/trace-collector.ts';

/**
 * One sentence through the real media and inference processes, both of which send their traces to one
 * collector; the tests look at the tree that came together there, and at what the processes logged.
 */

/** Two processes on a busy machine agree on the time so well. */
const CLOCKS_MS = 50;

let collector: TraceCollector;
let inference: InferenceChild;
let media: MediaChild;
let root: CollectedSpan;
let metrics: string;

const childrenOf = (parent: CollectedSpan, name?: string): readonly CollectedSpan[] =>
  collector.spans
    .filter((span) => span.parent === parent.id && (name === undefined || span.name === name))
    .toSorted((a, b) => a.startedAt - b.startedAt);

function only(parent: CollectedSpan, name: string): CollectedSpan {
  const [first, ...more] = childrenOf(parent, name);
  if (first === undefined || more.length > 0) throw new Error(`not one ${name}`);
  return first;
}

beforeAll(async () => {
  collector = await TraceCollector.open();
  const tracing = { url: collector.url, ratio: 1, maxWaiting: 1_000 };
  inference = await InferenceChild.start({ tracing, logLevel: 'debug' });
  const options = MediaOptions.parse({ ...defaults.media, logLevel: 'debug' });
  media = await MediaChild.start({ ...options, tracing });
  await using router = await RouterStandIn.open();
  const voice = router.stream(0xe5);
  await media.command({ type: 'engine', url: inference.url });
  await eventually(() =>
    media.messages.some((message) => message.type === 'engine-state' && message.state === 'ready'),
  );
  const microphone = { ...router.stream(0xaaaa), payloadType: 100 };
  await media.command({
    ...{ type: 'open-speaker', speaker: 'ann', stream: microphone, language: 'en' },
    ...{ voice: { kind: 'female', variant: 0 }, room: 'a1b2c3d4' },
  });
  const targets = [{ language: 'es', voice }, { language: 'ca' }];
  await media.command({ type: 'set-targets', speaker: 'ann', targets, transcript: true });
  const said = join(silence(200, 16_000), sentence('0880').audio, silence(1_500, 16_000));
  await router.play(await speechPackets(said), microphone, media.ports.rtpPort);
  await eventually(() => collector.named('utterance').length > 0);
  const answer = await media.command({ type: 'get-metrics' });
  metrics = answer.type === 'done' ? (answer.metrics ?? '') : '';
  const [first] = collector.named('utterance');
  if (first === undefined) throw new Error('no trace');
  root = first;
  await eventually(() => collector.named('speech').length >= childrenOf(root, 'recognise').length);
}, 60_000);

afterAll(async () => {
  await media[Symbol.asyncDispose]();
  await inference[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

describe('the trace of an utterance', () => {
  it('is one, from the first packet to the first packet of its voice, in both processes', () => {
    expect(root.parent).toBeUndefined();
    expect(root.service).toBe('parley-media');
    expect(root.facts).toMatchObject({ source: 'en', outcome: 'translated' });
    expect(new Set(collector.spans.map(({ trace }) => trace))).toEqual(new Set([root.trace]));
    expect(new Set(collector.spans.map(({ service }) => service))).toEqual(
      new Set(['parley-media', 'parley-inference']),
    );
    const names = childrenOf(root).map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(['ingest', 'endpoint', 'recognise', 'voice', 'playout']),
    );
  });

  it('has every span under one that is there', () => {
    const known = new Set(collector.spans.map(({ id }) => id));
    const orphans = collector.spans.filter(({ parent }) => parent && !known.has(parent));
    expect(orphans).toEqual([]);
  });

  it('tells the parts in the order in which they came', () => {
    const ingest = only(root, 'ingest');
    const endpoint = only(root, 'endpoint');
    const requests = childrenOf(root, 'recognise');
    const [voice] = childrenOf(root, 'voice');
    const playout = only(root, 'playout');
    const last = requests.at(-1);
    if (voice === undefined || last === undefined) throw new Error('incomplete');
    expect(ingest.startedAt).toBeCloseTo(root.startedAt, 0);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.map(({ facts }) => facts['end'])).toEqual([
      ...requests.slice(1).map(() => false),
      true,
    ]);
    expect(requests[0]?.startedAt).toBeGreaterThanOrEqual(ingest.endedAt);
    expect(endpoint.startedAt).toBeGreaterThan(ingest.endedAt);
    expect(last.startedAt).toBeGreaterThanOrEqual(endpoint.endedAt);
    expect(voice.startedAt).toBeGreaterThanOrEqual(last.endedAt);
    expect(playout.startedAt).toBeGreaterThan(voice.startedAt);
    expect(playout.endedAt).toBeGreaterThan(playout.startedAt);
    expect(root.endedAt).toBeGreaterThanOrEqual(playout.endedAt);
    for (const span of collector.spans) expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
  });

  it('goes on in the inference process, within the time of the request', () => {
    for (const request of childrenOf(root, 'recognise')) {
      const served = only(request, 'speech');
      expect(served.service).toBe('parley-inference');
      expect(served.startedAt).toBeGreaterThan(request.startedAt - CLOCKS_MS);
      expect(served.endedAt).toBeLessThan(request.endedAt + CLOCKS_MS);
      expect(childrenOf(served, 'decode')).toHaveLength(1);
    }
    const [voice] = childrenOf(root, 'voice');
    if (voice === undefined) throw new Error('no voice');
    const spoken = childrenOf(voice, 'synthesise').map((asked) => only(asked, 'voice'));
    expect(spoken.length).toBeGreaterThan(0);
    for (const span of spoken) expect(childrenOf(span, 'speak')).toHaveLength(1);
    expect(collector.named('translate').length).toBeGreaterThanOrEqual(2);
  });

  it('tells languages, numbers and outcomes, and no word of what was said', () => {
    const [caption] = media.captions.filter(({ final }) => final);
    const texts = [caption?.transcript, ...(caption?.translations ?? [])];
    const words = texts.flatMap((line) => line?.committed.split(/\W+/) ?? []);
    const telling = words.filter((word) => word.length > 4);
    expect(telling.length).toBeGreaterThan(5);
    const sent = collector.bodies.join('\n');
    expect(telling.filter((word) => sent.includes(word))).toEqual([]);
    expect(sent).not.toContain('ann');
  });

  it('is counted', () => {
    const exported = /trace_spans_total\{outcome="exported"\} (\d+)/.exec(metrics)?.[1];
    expect(Number(exported)).toBeGreaterThan(5);
    expect(metrics).toContain('parley_media_trace_spans_total{outcome="dropped"} 0');
  });

  it('is what the logs of both processes call the utterance', () => {
    const mine = (output: string) =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{') && line.includes(root.trace))
        .map((line): unknown => JSON.parse(line));
    expect(mine(media.output)).toContainEqual(
      expect.objectContaining({ name: 'media', room: 'a1b2c3d4', outcome: 'translated' }),
    );
    expect(mine(inference.output)).toContainEqual(
      expect.objectContaining({ name: 'inference', model: 'speech', outcome: 'ok' }),
    );
    expect(mine(inference.output)).toContainEqual(
      expect.objectContaining({ name: 'inference', model: 'voice', outcome: 'ok' }),
    );
  });
});

describe('a written text', () => {
  it('is followed from the request into the inference process', async () => {
    const text = { text: 'una oveja', source: 'es', targets: ['en'] };
    await media.command({ type: 'translate-text', ...text }, 'request-1');
    await eventually(() => media.output.includes('request-1'));
    const line = media.output.split('\n').find((each) => each.includes('request-1')) ?? '{}';
    const { trace } = z.object({ trace: z.string() }).parse(JSON.parse(line));
    await eventually(() =>
      inference.output
        .split('\n')
        .some((each) => each.includes(trace) && each.includes('"model":"text"')),
    );
    const named = (name: string) => collector.named(name)[0];
    await eventually(() => named('written-text') !== undefined && named('text') !== undefined);
    expect(named('written-text')?.trace).toBe(trace);
    expect(named('text')?.parent).toBe(named('written-text')?.id);
    expect(media.output + inference.output).not.toContain('oveja');
  });
});
