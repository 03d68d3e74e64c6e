import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { defaults } from '../../../config/defaults.ts';
import type { Command, MediaToServer, ServerToMedia } from '../../../media/messages.ts';
import type { DelayReport } from './watch-delay.ts';

const MAIN = join(import.meta.dirname, '../../../media/main.ts');
const WATCH = join(import.meta.dirname, 'watch-delay.ts');

type Told = MediaToServer | DelayReport;

/** The real media process at its default options, which also tells its event-loop delay. */
export class WatchedMedia implements AsyncDisposable {
  readonly rtpPort: number;
  readonly #child: ChildProcess;
  #commands = 0;

  private constructor(child: ChildProcess, rtpPort: number) {
    this.#child = child;
    this.rtpPort = rtpPort;
  }

  static async start(): Promise<WatchedMedia> {
    const options = JSON.stringify({ ...defaults.media, logLevel: 'error' });
    const child = fork(MAIN, [options], { execArgv: ['--import', WATCH] });
    const { rtpPort } = await told(child, (message) =>
      message.type === 'ready' ? message : undefined,
    );
    return new WatchedMedia(child, rtpPort);
  }

  async command(command: ServerToMedia): Promise<void> {
    const id = this.#commands++;
    const answered = told(this.#child, (message) =>
      (message.type === 'done' || message.type === 'failed') && message.id === id
        ? message
        : undefined,
    );
    this.#child.send({ id, command } satisfies Command);
    const answer = await answered;
    if (answer.type === 'failed') throw new Error(answer.message);
  }

  /** Event-loop delay since it was last asked. */
  async delay(): Promise<DelayReport> {
    const reported = told(this.#child, (message) =>
      message.type === 'event-loop-delay' ? message : undefined,
    );
    this.#child.kill('SIGUSR2');
    return reported;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit');
    await this.command({ type: 'shutdown' });
    await exited;
  }
}

/** Resolves with what `pick` finds in the first message it finds something in. */
function told<T>(child: ChildProcess, pick: (message: Told) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', listen);
      child.off('exit', gone);
    };
    const gone = (): void => {
      settle();
      reject(new Error('the media process ended'));
    };
    const listen = (message: Told): void => {
      const found = pick(message);
      if (found === undefined) return;
      settle();
      resolve(found);
    };
    child.on('message', listen);
    child.once('exit', gone);
  });
}
