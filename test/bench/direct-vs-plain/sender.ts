import { createSocket } from 'node:dgram';
import { rtpDatagram } from '../../support/rtp-builder.ts';

/**
 * A process of its own that sends voice-like RTP, 50 packets of 80 bytes a second and stream, each
 * stream at its own phase, until it is killed: `sender.ts PORT STREAMS`. SSRCs count from 1.
 */
const [port = 0, streams = 0] = process.argv.slice(2).map(Number);
const PERIOD_MS = 20;
const socket = createSocket('udp4');
const payload = new Uint8Array(80).fill(0x55);
const start = performance.now();
let sent = 0;

/** Packet number n is due at n periods divided by the streams: they take turns, evenly. */
const sendDue = (): void => {
  const due = Math.floor(((performance.now() - start) * streams) / PERIOD_MS);
  for (; sent < due; sent += 1) {
    const sequence = Math.floor(sent / streams);
    socket.send(
      rtpDatagram({ sequence: sequence % 0x1_0000, ssrc: 1 + (sent % streams), payload }),
      port,
      '127.0.0.1',
    );
  }
};
setInterval(sendDue, 1);
process.on('disconnect', () => process.exit(0));
