import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Egress } from '../../../../media/egress/egress.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { ListenerModel } from '../../../support/listener-model.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { tone } from '../../../support/pcm.ts';
import { SentPackets } from '../../../support/sent-packets.ts';

const CYCLES = 200;

/** Words with pauses between them, none of them a whole number of frames. */
async function talk(): Promise<SentPackets> {
  const clock = new FakeClock(777);
  const sent = new SentPackets(clock);
  const packets = { pacerLate: () => undefined, encoded: () => undefined };
  using egress = await Egress.create({ options: mediaOptions(), clock, socket: sent, packets });
  using outlet = await egress.open({ port: 1, ssrc: 1, payloadType: 111 });
  const observer = { started: () => undefined, ended: () => undefined, dropped: () => undefined };
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const speechEndedAt = clock.now();
    outlet.speak({ audio: tone(70, 48_000), sampleRate: 48_000, speechEndedAt }, observer);
    await setImmediate();
    clock.advance(540 + 13 * (cycle % 11));
  }
  return sent;
}

it('keeps no listener waiting longer after 200 pauses than after the first', async () => {
  const listener = new ListenerModel();
  const { all, voiced } = await talk();
  for (const packet of all) listener.receive(packet);
  expect(voiced).toHaveLength(CYCLES * 4);
  expect(listener.delayMs).toBeLessThan(20);
});

it('would make listeners wait for every pause there was, if timestamps only counted packets', async () => {
  const listener = new ListenerModel();
  const { voiced } = await talk();
  for (const [count, { at }] of voiced.entries()) {
    listener.receive({ at, timestamp: (0xffff_0000 + count * 960) % 2 ** 32 });
  }
  expect(listener.delayMs).toBeGreaterThan(CYCLES * 50);
});
