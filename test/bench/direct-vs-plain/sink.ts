import { createSocket } from 'node:dgram';

/** A process that counts RTP packets, as the media process would take them: tells its port, then answers every message with the count. */
let packets = 0;
const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
socket.on('message', (datagram) => {
  // RTCP comes on the same port (RFC 5761 section 4): it is not speech.
  const type = datagram[1] ?? 0;
  if (type < 192 || type > 223) packets += 1;
});
socket.bind(0, '127.0.0.1', () => process.send?.(socket.address().port));
process.on('message', () => process.send?.(packets));
process.on('disconnect', () => process.exit(0));
