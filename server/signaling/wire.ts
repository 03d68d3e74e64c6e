import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Grant } from '../access/tokens.ts';
import type { Outbox } from '../rooms/ports.ts';

const READY_TIMEOUT_MS = 15_000;
/**
 * Text that may wait for a page that does not take it, in characters. Beyond it the page is hung up
 * on; when it comes back it is told the whole state.
 */
const MAX_UNSENT = 2 ** 21;

interface SocketData {
  /** What the token shown at the handshake lets its holder do. */
  grant: Grant;
  /** The token to come back with. */
  session: string;
}

// What is sent is typed by Outbox; the library's own types for it do not go through generics.
type Untyped = DefaultEventsMap;
export type SocketServer = Server<Untyped, Untyped, Untyped, SocketData>;
export type ClientSocket = Socket<Untyped, Untyped, Untyped, SocketData>;

/** The events for one page, over its socket. `onSlow` is called once, when it is hung up on. */
export function outboxOf(socket: ClientSocket, onSlow: () => void): Outbox {
  let unsent = 0;
  let slow = false;
  socket.conn.on('drain', () => {
    unsent = 0;
  });
  // Answers count like events: who asks and does not read is no better.
  socket.conn.on('packetCreate', ({ data }: { data?: unknown }) => {
    unsent += typeof data === 'string' ? data.length : 0;
    if (unsent <= MAX_UNSENT || slow) return;
    slow = true;
    onSlow();
    socket.disconnect(true);
  });
  return {
    emit: (event, data, stamp) => {
      // Levels are worthless later.
      if (event === 'activeSpeakers') socket.volatile.emit(event, data, stamp);
      else socket.emit(event, data, stamp);
    },
    offer: async (consumer, stamp) => {
      await socket.timeout(READY_TIMEOUT_MS).emitWithAck('newConsumer', consumer, stamp);
    },
    close: () => {
      socket.disconnect(true);
    },
  };
}
