import { createSocket } from 'node:dgram';
import { defaults } from '../../../config/defaults.ts';
import { systemClock } from '../../../media/clock.ts';
import { EgressThread } from '../../../media/egress/thread.ts';
import { rtpDatagram } from '../../support/rtp-builder.ts';
import { tone } from '../../support/pcm.ts';

/**
 * A process that sends a voice for so long while its main loop is busy: with blocks of 40 ms at
 * random, half of the time. Arguments: `thread` or `interval`, port, milliseconds.
 */
const [side, port, ms] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const BLOCK_MS = 40;
const FRAME_MS = 20;
const RATE = 22_050;

function keepBusy(): void {
  const until = performance.now() + BLOCK_MS;
  while (performance.now() < until);
  setTimeout(keepBusy, Math.random() * 2 * BLOCK_MS);
}

function sendByInterval(): void {
  const socket = createSocket('udp4');
  const payload = new Uint8Array(80);
  let sequence = 0;
  setInterval(() => {
    const fields = { sequence, timestamp: sequence * 960, payload };
    sequence += 1;
    socket.send(rtpDatagram(fields), port, '127.0.0.1');
  }, FRAME_MS);
}

async function sendByThread(): Promise<void> {
  const voices = await EgressThread.create({
    options: defaults.media,
    clock: systemClock,
    packets: { pacerLate: () => undefined, encoded: () => undefined },
    onFailed: (error) => {
      throw error;
    },
  });
  const outlet = await voices.open({ port, ssrc: 1, payloadType: 111 });
  outlet.speak(
    { audio: tone(ms, RATE), sampleRate: RATE, speechEndedAt: performance.now() },
    { started: () => undefined, ended: () => undefined, dropped: () => undefined },
  );
}

if (side === 'thread') await sendByThread();
else sendByInterval();
keepBusy();
setTimeout(() => process.exit(0), ms);
