import { once } from 'node:events';
import { z } from 'zod';
import { ErrorCode } from '../../server/protocol/errors.ts';

/** What every acknowledgement must be, and nothing else. */
export const Answer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), data: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: ErrorCode, message: z.string().max(200) }),
  }),
]);
export type Answer = z.infer<typeof Answer>;

const Refusal = z.object({ message: z.string(), data: z.object({ code: ErrorCode }).optional() });

export type Binary = Uint8Array<ArrayBuffer>;

/**
 * A page that speaks Socket.IO (protocol 5 over Engine.IO 4, WebSocket) by hand, so that it can
 * send what no library would.
 */
export class AttackPage {
  /** Every answer that was not in the shape of one. */
  readonly malformed: string[] = [];
  /** Events heard, by name. */
  readonly heard = new Map<string, number>();
  refusal: z.infer<typeof Refusal> | undefined;
  #nextId = 0;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#receive(data);
    });
    socket.addEventListener('close', () => {
      this.#giveUp();
    });
  }

  /** Opens the transport only. */
  static async open(url: string): Promise<AttackPage> {
    const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address);
    const page = new AttackPage(socket);
    await once(socket, 'open');
    return page;
  }

  /** Connects to the namespace; check `refusal`. */
  static async connect(url: string, token: unknown): Promise<AttackPage> {
    const page = await AttackPage.open(url);
    await page.authenticate(JSON.stringify({ token }));
    return page;
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Shows this text as `auth`; resolves when the server has taken it, refused it or hung up. */
  async authenticate(auth: string): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#onConnect = resolve;
    });
    this.raw(`40${auth}`);
    await answered;
  }

  /** A request whose arguments are given as JSON text; undefined when the server hung up instead. */
  ask(event: string, args: string, attachments: readonly Binary[] = []) {
    const id = this.#nextId++;
    const answered = new Promise<Answer | undefined>((resolve) => {
      if (this.open) this.#waiting.set(id, resolve);
      else resolve(undefined);
    });
    const type = attachments.length > 0 ? `5${attachments.length}-` : '2';
    this.raw(`4${type}${id}[${JSON.stringify(event)}${args === '' ? '' : ','}${args}]`);
    for (const attachment of attachments) this.raw(attachment);
    return answered;
  }

  /** A well-formed request. */
  request(event: string, data: object): Promise<Answer | undefined> {
    return this.ask(event, JSON.stringify(data));
  }

  raw(frame: string | Binary): void {
    if (this.open) this.#socket.send(frame);
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #onConnect: () => void = () => undefined;

  #receive(frame: string): void {
    if (frame === '2') {
      this.raw('3');
    } else if (frame.startsWith('40{')) {
      this.#onConnect();
    } else if (frame.startsWith('44{')) {
      this.refusal = Refusal.parse(JSON.parse(frame.slice(2)));
      this.#onConnect();
    } else if (frame.startsWith('43')) {
      this.#answered(frame);
    } else if (frame.startsWith('42')) {
      this.#event(frame);
    }
  }

  #answered(frame: string): void {
    const start = frame.indexOf('[');
    const id = Number(frame.slice(2, start));
    const [body]: unknown[] = z
      .array(z.unknown())
      .length(1)
      .parse(JSON.parse(frame.slice(start)));
    const answer = Answer.safeParse(body);
    if (!answer.success) this.malformed.push(frame.slice(0, 300));
    this.#waiting.get(id)?.(answer.data);
    this.#waiting.delete(id);
  }

  /** Takes every track it is offered. */
  #event(frame: string): void {
    const start = frame.indexOf('[');
    const [name] = z.tuple([z.string()], z.unknown()).parse(JSON.parse(frame.slice(start)));
    this.heard.set(name, (this.heard.get(name) ?? 0) + 1);
    if (start > 2) this.raw(`43${frame.slice(2, start)}[]`);
  }

  #giveUp(): void {
    this.#onConnect();
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
