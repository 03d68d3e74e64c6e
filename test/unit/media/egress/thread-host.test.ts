import { expect, it } from 'vitest';
import { Egress } from '../../../../media/egress/egress.ts';
import { EgressHost, FigureMeter } from '../../../../media/egress/thread-host.ts';
import type { FromEgress } from '../../../../media/egress/thread-messages.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { SentPackets } from '../../../support/sent-packets.ts';

it('keeps figures to itself while nothing is played, but never gathers them without end', async () => {
  const clock = new FakeClock();
  const meter = new FigureMeter();
  const options = mediaOptions();
  const socket = new SentPackets(clock);
  const egress = await Egress.create({ options, clock, socket, packets: meter });
  const told: FromEgress[] = [];
  using host = new EgressHost(egress, meter, (message) => told.push(message));
  host.report();
  expect(told).toEqual([]);

  // An open voice that is silent wakes the pacer now and then, for hours.
  for (let wake = 0; wake < 1000; wake += 1) {
    meter.pacerLate(1);
    host.report();
  }
  const figures = told.filter((message) => message.type === 'figures');
  expect(figures.length).toBeGreaterThan(0);
  expect(figures.length).toBeLessThan(50);
  expect(Math.max(...figures.map(({ late }) => late.length))).toBeLessThanOrEqual(100);
});
