import type { RoomId } from '../../server/protocol/ids.ts';

const CHANNEL = 'parley';
/** Tabs answer at once; one that sleeps is not waited for. */
const ANSWER_MS = 300;

type Message =
  | { readonly ask: RoomId }
  /** With this session a tab is in the meeting that was asked for. */
  | { readonly here: RoomId; readonly session: string };

/** The other tabs of this browser, as far as they are in the same meeting. */
export class OtherTabs {
  readonly #roomId: RoomId;
  readonly #channel: BroadcastChannel | undefined;
  #heard: (session: string) => void = () => undefined;

  /** `session` tells with what this tab is in the meeting now, if it is. */
  constructor(roomId: RoomId, session: () => string | undefined) {
    this.#roomId = roomId;
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : undefined;
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if ('here' in data) {
        if (data.here === roomId) this.#heard(data.session);
        return;
      }
      const own = session();
      if (data.ask === roomId && own !== undefined) this.#tell({ here: roomId, session: own });
    });
  }

  /** The session of a tab that is in the meeting; undefined when there is none. */
  async find(): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#heard = resolve;
    const timer = setTimeout(resolve, ANSWER_MS, undefined);
    this.#tell({ ask: this.#roomId });
    const session = await promise;
    clearTimeout(timer);
    return session;
  }

  close(): void {
    this.#channel?.close();
  }

  #tell(message: Message): void {
    this.#channel?.postMessage(message);
  }
}
