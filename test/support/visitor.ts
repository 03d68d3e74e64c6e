import { z } from 'zod';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { NewConsumer, Stamp } from '../../server/protocol/events.ts';
import type { Ack } from '../../server/protocol/errors.ts';
import type { RequestData, RequestName, Responses } from '../../server/protocol/requests.ts';
import type { PeerId } from '../../server/protocol/ids.ts';
import { tag } from './room-stage.ts';
import { voiceRtpParameters } from '../../server/sfu/codecs.ts';

/** Answer at the door of a room. */
const Entrance = z.object({ token: z.string() });

/** A participant who speaks the signalling protocol but sends no media. */
export class Visitor implements Disposable {
  readonly #socket: Socket;
  /** Whose translated voice it was offered. */
  readonly translated = new Set<PeerId>();
  #peerId: PeerId | undefined;

  private constructor(url: string, token: string) {
    this.#socket = io(url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      auth: { token },
    });
    this.#socket.on('newConsumer', ({ peerId, track }: NewConsumer, _: Stamp, ack: () => void) => {
      if (track.type === 'translation') this.translated.add(peerId);
      ack();
    });
  }

  /** Joins a room, `<id>#k=<key>`, ready to receive. */
  static async join(url: string, room: string, speak: string, hear: string): Promise<Visitor> {
    const [roomId = '', key] = room.split('#k=');
    const knock = await fetch(`${url}/api/rooms/${roomId}/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    });
    const visitor = new Visitor(url, Entrance.parse(await knock.json()).token);
    const { rtpCapabilities } = await visitor.request('getRouterRtpCapabilities', {});
    const { peerId } = await visitor.request('join', {
      ...{ rtpCapabilities, displayName: 'Visitor', hearOwn: false, keepWords: false },
      ...{ speak: tag(speak), hear: tag(hear) },
    });
    visitor.#peerId = peerId;
    await visitor.request('createWebRtcTransport', { direction: 'recv' });
    return visitor;
  }

  /** Throws before it has joined. */
  get peerId(): PeerId {
    if (this.#peerId === undefined) throw new Error('not joined');
    return this.#peerId;
  }

  /** Publishes a microphone. */
  async speak(): Promise<void> {
    const { id } = await this.request('createWebRtcTransport', { direction: 'send' });
    await this.request('produce', {
      ...{ transportId: id, kind: 'audio', source: 'microphone' },
      rtpParameters: { ...voiceRtpParameters(1), mid: '0' },
    });
  }

  request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return new Promise((resolve, reject) => {
      this.#socket.emit(name, data, (answer: Ack<Responses[N]>) => {
        if (answer.ok) resolve(answer.data);
        else reject(new Error(`${name}: ${answer.error.message}`));
      });
    });
  }

  [Symbol.dispose](): void {
    this.#socket.disconnect();
  }
}
