import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const ANSWER_MS = 250;
const BINDING_REQUEST = 0x0001;
const MAGIC_COOKIE = 0x2112a442;

/** Whether something at this UDP port answers a STUN Binding request (RFC 8489, section 5) now. */
export async function answersStun(address: string, port: number): Promise<boolean> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(BINDING_REQUEST, 0);
  request.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(request, 8);

  const answered = Promise.withResolvers<boolean>();
  const socket = createSocket(isIPv4(address) ? 'udp4' : 'udp6');
  const late = setTimeout(() => {
    answered.resolve(false);
  }, ANSWER_MS);
  socket.on('message', (answer) => {
    if (answer.subarray(4, 20).equals(request.subarray(4))) answered.resolve(true);
  });
  socket.on('error', () => {
    answered.resolve(false);
  });
  socket.connect(port, address, () => {
    socket.send(request);
  });
  try {
    return await answered.promise;
  } finally {
    clearTimeout(late);
    socket.close();
  }
}
