import { once } from 'node:events';
import { z } from 'zod';

/** Put into the environment of a Node program, it lets `Inspected` look into it and its children. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

const Answer = z.object({ id: z.number(), result: z.unknown() });
const Evaluated = z.object({ result: z.object({ value: z.string() }) });
const Facts = z.object({
  pid: z.number(),
  script: z.string(),
  heldBytes: z.number(),
  resources: z.record(z.string(), z.number()),
});
/** What a process holds on to once its garbage has been collected. */
export type Facts = z.infer<typeof Facts>;

const LOOK = `JSON.stringify({
  pid: process.pid,
  script: process.argv[1] ?? '',
  heldBytes: process.memoryUsage().heapUsed + process.memoryUsage().external,
  resources: process.getActiveResourcesInfo().reduce((counts, name) => ({
    ...counts, [name]: (counts[name] ?? 0) + 1,
  }), {}),
})`;

/** A running Node process seen through its inspector: memory after a collection, timers, handles. */
export class Inspected implements Disposable {
  readonly #socket: WebSocket;
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Every process whose inspector has announced itself in what was printed so far. */
  static async all(output: string): Promise<readonly Inspected[]> {
    const urls = Array.from(output.matchAll(/ws:\/\/127\.0\.0\.1:\S+/g), ([url]) => url);
    return Promise.all(
      urls.map(async (url) => {
        const socket = new WebSocket(url);
        await once(socket, 'open');
        return new Inspected(socket);
      }),
    );
  }

  async look(): Promise<Facts> {
    // What a first collection releases may hold things that only a second one finds.
    await this.#ask('HeapProfiler.collectGarbage');
    await this.#ask('HeapProfiler.collectGarbage');
    const evaluated = Evaluated.parse(await this.#ask('Runtime.evaluate', { expression: LOOK }));
    return Facts.parse(JSON.parse(evaluated.result.value));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  async #ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#requests;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [event] = (await once(this.#socket, 'message')) as unknown[];
      const data = event instanceof MessageEvent ? String(event.data) : '';
      const answer = Answer.safeParse(JSON.parse(data));
      if (answer.success && answer.data.id === id) return answer.data.result;
    }
  }
}
