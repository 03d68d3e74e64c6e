import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProtocolServer } from '../../inference/protocol/server.ts';
import { eventually } from '../support/eventually.ts';
import { FakeModels } from '../support/fake-models.ts';
import { join, silence } from '../support/pcm.ts';
import { MediaChild } from '../support/media-child.ts';
import { mediaOptions } from '../support/media-options.ts';
import { alive } from '../support/processes.ts';
import { RouterStandIn } from '../support/router-stand-in.ts';
import { rtpDatagram, speechPackets } from '../support/rtp-builder.ts';
import { sentence } from '../support/speech.ts';

const listen = { host: '127.0.0.1', port: 0, maxBodyBytes: 10_000_000 };

let models: FakeModels;
let engine: ProtocolServer;
let media: MediaChild;
let router: RouterStandIn;

beforeEach(async () => {
  models = new FakeModels();
  engine = await ProtocolServer.create(models, listen);
  router = await RouterStandIn.open();
  media = await MediaChild.start(mediaOptions());
});

afterEach(async () => {
  await media[Symbol.asyncDispose]();
  await router[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const microphone = () => ({ ...router.stream(0xaaaa), payloadType: 100 });

async function openSpeaker(): Promise<void> {
  await media.command({
    type: 'open-speaker',
    speaker: 'ann',
    stream: microphone(),
    language: 'en',
    voice: { kind: 'female', variant: 1 },
  });
  await media.command({
    type: 'set-targets',
    speaker: 'ann',
    targets: [{ language: 'es', voice: router.stream(0xbbbb) }],
    transcript: true,
  });
}

const speech = async () => speechPackets(join(sentence('0880').audio, silence(800, 16_000)));

const engineStates = (): string[] =>
  media.messages.flatMap((message) => (message.type === 'engine-state' ? [message.state] : []));

const metrics = async (): Promise<string> => {
  const answer = await media.command({ type: 'get-metrics' });
  return answer.type === 'done' ? (answer.metrics ?? '') : '';
};

describe('the media process', () => {
  it('interprets a speaker from packets to packets', async () => {
    await media.command({ type: 'engine', url: engine.url });
    await openSpeaker();
    await router.play(await speech(), microphone(), media.ports.rtpPort);
    await eventually(() => media.captions.some(({ final }) => final));
    await eventually(() => router.of(router.stream(0xbbbb)).length >= 10);
    expect(media.captions.at(-1)).toMatchObject({ speaker: 'ann', source: 'en', final: true });
    expect(router.received.every(({ port }) => port === media.ports.voicePort)).toBe(true);
  });

  it('waits for an engine that comes later, and survives one that goes away', async () => {
    const { url } = engine;
    const port = Number(new URL(url).port);
    await engine[Symbol.asyncDispose]();
    await media.command({ type: 'engine', url });
    await eventually(() => engineStates().at(-1) === 'starting');
    engine = await ProtocolServer.create(models, { ...listen, port });
    await eventually(() => engineStates().at(-1) === 'ready');
    await engine[Symbol.asyncDispose]();
    await eventually(() => engineStates().at(-1) === 'starting');
    engine = await ProtocolServer.create(models, { ...listen, port });
    await eventually(() => engineStates().at(-1) === 'ready');
    expect(engineStates()).toEqual(['starting', 'ready', 'starting', 'ready']);
  });

  it('counts what it cannot use and what nobody wants, and lives on', async () => {
    await openSpeaker();
    const send = (bytes: Uint8Array): void => {
      router.send(bytes, media.ports.rtpPort);
    };
    const good = rtpDatagram({ sequence: 1, ssrc: 0xaaaa });
    send(good.subarray(0, 5));
    send(Uint8Array.of(0x9f, 100, 1, 2, 3, 4, 5, 6, 0, 0, 0xaa, 0xaa));
    send(Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24)));
    send(rtpDatagram({ sequence: 1, ssrc: 0xdddd }));
    send(rtpDatagram({ sequence: 1, ssrc: 0xaaaa, payloadType: 13 }));
    for (const reason of ['malformed', 'rtcp', 'foreign', 'payload-type']) {
      const line = `parley_media_dropped_total{stage="rtp",reason="${reason}"}`;
      for (let text = ''; !text.includes(line);) text = await metrics();
    }
    await media.command({ type: 'set-targets', speaker: 'ann', targets: [], transcript: false });
    send(good);
    for (let text = ''; !text.includes('reason="unwanted"} 1');) text = await metrics();
  });

  it('answers what it cannot do with a failure', async () => {
    const nobody = await media.command({ type: 'set-muted', speaker: 'nobody', muted: true });
    expect(nobody).toMatchObject({ type: 'failed', message: 'no such speaker' });
    await openSpeaker();
    const again = await media.command({
      type: 'open-speaker',
      speaker: 'ann',
      stream: microphone(),
      language: 'en',
      voice: { kind: 'male', variant: 0 },
    });
    expect(again).toMatchObject({ type: 'failed', message: 'this speaker is open already' });
  });

  it('leaves Ctrl-C to the server, and ends when told to', async () => {
    media.signal('SIGINT');
    await media.command({ type: 'engine', url: engine.url });
    await openSpeaker();
    const { pid } = media;
    expect(await media.shutdown()).toBe(0);
    expect(alive(pid)).toBe(false);
  });

  it('ends in the middle of an utterance when the server is gone', async () => {
    await media.command({ type: 'engine', url: engine.url });
    await openSpeaker();
    const playing = router.play(await speech(), microphone(), media.ports.rtpPort);
    await eventually(() => media.captions.length > 0);
    const { pid } = media;
    expect(await media.disconnect()).toBe(0);
    expect(alive(pid)).toBe(false);
    await playing;
  });

  it('ends when the server is gone before it was ready', async () => {
    expect(await MediaChild.orphan(mediaOptions())).toBe(0);
  });
});
