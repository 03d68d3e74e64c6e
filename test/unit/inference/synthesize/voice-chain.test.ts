import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { VoiceChain } from '../../../../inference/synthesize/voice-chain.ts';
import { FakeVoice } from '../../../support/fake-voice.ts';

const Line = z.object({ msg: z.string(), voice: z.string().optional() });
const never = new AbortController().signal;
const asked = (language: string) => ({ text: 'Hello', language, voice: 'male-1' });

let best: FakeVoice;
let plain: FakeVoice;
let metrics: InferenceMetrics;
let log: z.infer<typeof Line>[];
let chain: VoiceChain;

beforeEach(() => {
  best = new FakeVoice('best', ['en', 'ru']);
  plain = new FakeVoice('plain', ['en', 'ru', 'mt']);
  metrics = new InferenceMetrics();
  log = [];
  const stream = { write: (line: string) => void log.push(Line.parse(JSON.parse(line))) };
  chain = new VoiceChain([best, plain], { log: pino({ level: 'info' }, stream), metrics });
});

async function fallbacks(): Promise<Record<string, number>> {
  const { values } = await metrics.voiceFallbacks.get();
  return Object.fromEntries(
    values.map(({ labels, value }) => [`${labels.voice} ${labels.reason}`, value]),
  );
}

describe('a chain of voices', () => {
  it('speaks by the first that knows the language, whatever the region', async () => {
    await chain.speak(asked('ru-RU'), never);
    await chain.speak(asked('mt'), never);
    expect(best.said.map(({ language }) => language)).toEqual(['ru-RU']);
    expect(plain.said.map(({ language }) => language)).toEqual(['mt']);
    expect(await fallbacks()).toEqual({});
  });

  it('knows the languages of all, each once', () => {
    expect(chain.languages).toEqual(['en', 'ru', 'mt']);
  });

  it('refuses a language that nobody speaks', async () => {
    await expect(chain.speak(asked('tlh'), never)).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('leaves a text to the next when the first one fails, and says and counts it', async () => {
    best.failures.push(new InferenceError('overloaded', 'full'), new Error('broken'));
    await chain.speak(asked('en'), never);
    await chain.speak(asked('en'), never);
    await chain.speak(asked('en'), never);
    expect(plain.said).toHaveLength(2);
    expect(await fallbacks()).toEqual({ 'best overloaded': 1, 'best failed': 1 });
    expect(log.map(({ msg, voice }) => [msg, voice])).toEqual([
      ['another voice speaks instead', 'best'],
      ['speaks again', 'best'],
    ]);
  });

  it('does not wait for a first one that is not ready', async () => {
    best.isReady = false;
    await chain.speak(asked('en'), never);
    expect(best.said).toEqual([]);
    expect(plain.said).toHaveLength(1);
    expect(await fallbacks()).toEqual({ 'best not-ready': 1 });
  });

  it('fails as the last one does, for there is nobody behind it', async () => {
    best.failures.push(new InferenceError('failed', 'one'));
    plain.failures.push(new InferenceError('overloaded', 'two'));
    await expect(chain.speak(asked('en'), never)).rejects.toMatchObject({ message: 'two' });
  });

  it('asks nobody else when whoever asked has gone', async () => {
    const leaving = new AbortController();
    const gate = Promise.withResolvers<undefined>();
    best.gate = gate.promise;
    const speaking = chain.speak(asked('en'), leaving.signal);
    leaving.abort(new Error('gone'));
    gate.resolve(undefined);
    await expect(speaking).rejects.toThrow('gone');
    expect(plain.said).toEqual([]);
    expect(await fallbacks()).toEqual({});
  });

  it('is ready when the one is that speaks for all others', () => {
    expect(chain.ready()).toBe(true);
    best.isReady = false;
    expect(chain.ready()).toBe(true);
    best.isReady = true;
    plain.isReady = false;
    expect(chain.ready()).toBe(false);
  });

  it('closes all of them', async () => {
    await chain.close();
    expect([best.closed, plain.closed]).toEqual([true, true]);
  });
});
