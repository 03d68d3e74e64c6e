import { fork } from 'node:child_process';
import type { ChildProcess as NodeChild } from 'node:child_process';
import { Backoff } from '../backoff.ts';
import { Heartbeat } from '../heartbeat.ts';
import type { Logger } from '../log.ts';

const READY_TIMEOUT_MS = 30_000;
/**
 * Once up, a process that gives no sign of life for so long is killed. Short enough that captions are
 * back within ten seconds, and long: with six busy programs for each core the inference process, which
 * gives way to all others, answered within 45 ms.
 */
const HUNG_AFTER_MS = 3_000;
const SHUTDOWN_TIMEOUT_MS = 3_000;

type Ready<Message> = Extract<Message, { type: 'ready' }>;

export interface SupervisedChildOptions<
  ToChild extends object,
  FromChild extends { type: string },
> {
  /** Short name for logs. */
  readonly name: string;
  /** File to run. */
  readonly entry: string;
  /** Handed over as the one argument, as JSON. */
  readonly options: unknown;
  /** What asks it to end. */
  readonly shutdown: ToChild;
  /** Asks the child, while it is up, for a sign of life. */
  readonly ping: () => Promise<unknown>;
  readonly hungAfterMs?: number;
  /** The child runs and has sent its `ready` message. */
  readonly onUp: (ready: Ready<FromChild>) => void;
  /** The child is gone; unless closed, another one is on its way. */
  readonly onDown: () => void;
  /** Everything else it says. */
  readonly onMessage: (message: FromChild) => void;
  readonly log: Logger;
}

/**
 * A forked process that is kept running: started, declared up by its own `ready` message, killed when
 * it hangs, started again with growing delays when it ends, ended with it when this process goes (the
 * child leaves on IPC disconnect).
 */
export class SupervisedChild<ToChild extends object, FromChild extends { type: string }> {
  readonly #options: SupervisedChildOptions<ToChild, FromChild>;
  #child: NodeChild | undefined;
  #up = false;
  #closing: Promise<void> | undefined;
  readonly #backoff = new Backoff();
  #heartbeat: Heartbeat | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restarts = 0;
  #hangs = 0;

  constructor(options: SupervisedChildOptions<ToChild, FromChild>) {
    this.#options = options;
  }

  get up(): boolean {
    return this.#up;
  }

  /** How often the process had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** How often the process was killed because it no longer answered. */
  get hangs(): number {
    return this.#hangs;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#child || this.#closing) return;
    const { entry, options, log, name } = this.#options;
    const child = fork(entry, [JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    const startedAt = performance.now();
    const readyDeadline = setTimeout(() => {
      log.error({ process: name }, 'the process did not become ready in time');
      child.kill('SIGKILL');
    }, READY_TIMEOUT_MS);
    child.on('message', (message) => {
      try {
        if (this.#isMessage(message)) this.#receive(message, readyDeadline);
      } catch (error) {
        log.error({ process: name, err: error }, 'a message of the process cannot be used');
      }
    });
    child.on('error', (error) => {
      log.error({ process: name, err: error }, 'the process has a fault');
    });
    child.once('exit', (code, signal) => {
      clearTimeout(readyDeadline);
      this.#ended(code ?? signal, performance.now() - startedAt);
    });
  }

  /** False when there is nobody to send to. */
  send(message: ToChild): boolean {
    if (!this.#child?.connected) return false;
    this.#child.send(message, () => undefined);
    return true;
  }

  /** Ends a child that no longer answers; a new one follows. */
  kill(): void {
    this.#hangs += 1;
    this.#options.log.error({ process: this.#options.name }, 'the process hangs and is killed');
    this.#child?.kill('SIGKILL');
  }

  /** Asks the child to end, and ends it by force when it takes too long. */
  async close(): Promise<void> {
    this.#closing ??= this.#shutdown();
    return this.#closing;
  }

  #receive(message: FromChild, readyDeadline: NodeJS.Timeout): void {
    if (!isReady(message)) {
      this.#options.onMessage(message);
      return;
    }
    clearTimeout(readyDeadline);
    if (this.#closing) return;
    this.#up = true;
    const { ping, hungAfterMs = HUNG_AFTER_MS, onUp } = this.#options;
    this.#heartbeat = new Heartbeat({
      ask: ping,
      hungAfterMs,
      onHung: () => {
        this.kill();
      },
    });
    onUp(message);
  }

  /** Both ends are ours and from one checkout, so the kind of a message is all that is looked at. */
  #isMessage(value: unknown): value is FromChild {
    return (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      typeof value.type === 'string'
    );
  }

  async #shutdown(): Promise<void> {
    clearTimeout(this.#restart);
    this.#heartbeat?.[Symbol.dispose]();
    const child = this.#child;
    if (!child) return;
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    if (child.connected) child.send(this.#options.shutdown, () => undefined);
    else child.kill('SIGTERM');
    const force = setTimeout(() => {
      this.#options.log.warn({ process: this.#options.name }, 'ended by force');
      child.kill('SIGKILL');
    }, SHUTDOWN_TIMEOUT_MS);
    await exited;
    clearTimeout(force);
  }

  #ended(reason: number | string | null, livedMs: number): void {
    const { log, name, onDown } = this.#options;
    this.#heartbeat?.[Symbol.dispose]();
    this.#child = undefined;
    this.#up = false;
    onDown();
    if (this.#closing) return;
    const delayMs = this.#backoff.next(livedMs);
    log.error({ process: name, reason, delayMs }, 'the process ended; starting again');
    this.#restarts += 1;
    this.#restart = setTimeout(() => {
      this.start();
    }, delayMs);
  }
}

function isReady<M extends { type: string }>(message: M): message is Ready<M> {
  return message.type === 'ready';
}
