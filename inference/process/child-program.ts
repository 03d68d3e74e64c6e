import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { InferenceError } from '../protocol/inference-error.ts';
import type { Program } from './supervisor.ts';

/** How often the child is asked for a sign of life once it is ready. */
const BEAT_MS = 500;
/** So many times without one, and the child hangs: three seconds. */
const HUNG_AFTER_BEATS = 6;

const said = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ alive: z.literal(true) }),
  z.object({ id: z.number(), error: z.string() }),
  z.object({ id: z.number(), value: z.unknown() }),
]);

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: InferenceError) => void;
  readonly timer: NodeJS.Timeout;
}

/** A program that answers questions. */
export interface AnsweringProgram extends Program {
  /** Rejects with `unavailable` when the program ends first, with `failed` when it cannot answer. */
  ask(question: object, deadlineMs: number): Promise<unknown>;
}

export interface ChildProgramOptions {
  /** The program's main module. */
  readonly file: URL;
  /** Its one argument, as JSON. */
  readonly settings: object;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to say that it is ready. */
  readonly startDeadlineMs: number;
  readonly hungAfterBeats?: number;
}

/**
 * A Node child process that answers questions: each is answered or, past its deadline, the child
 * counts as hung and is killed. So it is when its main loop, asked or not, says nothing for three
 * seconds; those are counted in beats of ours, of which a process that is itself stopped has none.
 * What was asked of a dead child rejects with `unavailable`.
 */
export class ChildProgram implements AnsweringProgram {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Since the child last said anything. */
  #silentBeats = 0;
  #hung = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = once(child, 'exit').then(
      () => undefined,
      () => undefined,
    );
    void this.ended.then(() => {
      this.#rejectAll();
    });
    child.on('message', (message) => {
      this.#hear(message);
    });
    // A child that cannot be started or written to is told of by its exit.
    child.on('error', () => child.kill('SIGKILL'));
  }

  /** Resolves when the child is ready; rejects when it dies before, or takes too long. */
  static async start(options: ChildProgramOptions, signal: AbortSignal): Promise<ChildProgram> {
    const child = fork(options.file, [JSON.stringify(options.settings)], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...options.env },
    });
    const program = new ChildProgram(child);
    const started = Promise.withResolvers<undefined>();
    const tooLate = AbortSignal.any([signal, AbortSignal.timeout(options.startDeadlineMs)]);
    const kill = () => child.kill('SIGKILL');
    tooLate.addEventListener('abort', kill);
    if (tooLate.aborted) kill();
    child.once('message', () => {
      started.resolve(undefined);
    });
    void program.ended.then(() => {
      started.reject(new InferenceError('unavailable', 'the program ended before it was ready'));
    });
    try {
      await started.promise;
      program.#watch(options.hungAfterBeats ?? HUNG_AFTER_BEATS);
      return program;
    } finally {
      tooLate.removeEventListener('abort', kill);
    }
  }

  get hung(): boolean {
    return this.#hung;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async ask(question: object, deadlineMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      this.#killHung();
    }, deadlineMs);
    this.#pending.set(id, { ...answer, timer });
    if (this.#child.connected) this.#child.send({ id, question });
    else this.#rejectAll();
    return answer.promise;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #killHung(): void {
    this.#hung = true;
    this.kill();
  }

  #watch(hungAfterBeats: number): void {
    const beats = setInterval(() => {
      this.#silentBeats += 1;
      if (this.#silentBeats > hungAfterBeats) this.#killHung();
      else if (this.#child.connected) this.#child.send({ ping: true }, () => undefined);
    }, BEAT_MS);
    void this.ended.then(() => {
      clearInterval(beats);
    });
  }

  #hear(message: unknown): void {
    this.#silentBeats = 0;
    const heard = said.parse(message);
    if ('ready' in heard || 'alive' in heard) return;
    const pending = this.#pending.get(heard.id);
    if (!pending) return;
    this.#pending.delete(heard.id);
    clearTimeout(pending.timer);
    if ('error' in heard) pending.reject(new InferenceError('failed', heard.error));
    else pending.resolve(heard.value);
  }

  #rejectAll(): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new InferenceError('unavailable', 'the program ended while it was asked'));
    }
    this.#pending.clear();
  }
}
