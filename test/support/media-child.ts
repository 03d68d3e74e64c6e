import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TracingOptions } from '../../inference/protocol/tracing/options.ts';
import type { Caption, MediaPorts, MediaToServer, ServerToMedia } from '../../media/messages.ts';
import type { MediaOptions } from '../../media/options.ts';
import { eventually } from './eventually.ts';

const MAIN = fileURLToPath(new URL('../../media/main.ts', import.meta.url));

type Answer = Extract<MediaToServer, { type: 'done' | 'failed' }>;

/** The real media process, commanded as the server does. */
export class MediaChild implements AsyncDisposable {
  readonly messages: MediaToServer[] = [];
  readonly #child: ChildProcess;
  #commands = 0;
  #output = '';

  private constructor(child: ChildProcess, onMessage?: (message: MediaToServer) => void) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    child.on('message', (message: MediaToServer) => {
      this.messages.push(message);
      onMessage?.(message);
    });
  }

  /** Starts one for a server that is gone before it is ready; resolves with its exit code. */
  static async orphan(options: MediaOptions): Promise<number | null> {
    const child = fork(MAIN, [JSON.stringify(options)], { execArgv: [] });
    child.disconnect();
    await once(child, 'exit');
    return child.exitCode;
  }

  /** Resolves when it is ready. `onMessage` is told whatever it says. */
  static async start(
    options: MediaOptions & { readonly tracing?: TracingOptions },
    onMessage?: (message: MediaToServer) => void,
  ): Promise<MediaChild> {
    const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const;
    const child = fork(MAIN, [JSON.stringify(options)], { execArgv: [], stdio: [...stdio] });
    const media = new MediaChild(child, onMessage);
    await eventually(() => media.messages.length > 0);
    return media;
  }

  /** What it logged. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get ports(): MediaPorts {
    const ready = this.messages.find((message) => message.type === 'ready');
    if (ready === undefined) throw new Error('the media process is not ready');
    return ready;
  }

  get captions(): readonly Caption[] {
    return this.messages.filter((message) => message.type === 'caption');
  }

  /** Resolves with the answer. */
  async command(command: ServerToMedia, request?: string): Promise<Answer> {
    const id = this.#commands++;
    this.#child.send({ id, command, ...(request !== undefined && { request }) });
    const isAnswer = (message: MediaToServer): message is Answer =>
      (message.type === 'done' || message.type === 'failed') && message.id === id;
    await eventually(() => this.messages.some(isAnswer));
    const answer = this.messages.find(isAnswer);
    if (answer === undefined) throw new Error(`command ${id} was not answered`);
    return answer;
  }

  /** Tells it to end and resolves with its exit code. */
  async shutdown(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    await this.command({ type: 'shutdown' });
    await exited;
    return this.#child.exitCode;
  }

  /** Leaves it alone, as a server that dies does, and resolves with its exit code. */
  async disconnect(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) await this.shutdown();
  }
}
