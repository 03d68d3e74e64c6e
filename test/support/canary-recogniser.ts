import type { Recognised, Task } from '../../inference/translate/canary.ts';
import type { Text } from '../../inference/translate/decode.ts';
import type { Recogniser } from '../../inference/translate/recogniser.ts';

export interface Batch {
  readonly tasks: readonly Task[];
  readonly cancelled: AbortSignal;
  /** Ends it as the script has it. */
  finish(): void;
  fail(error: Error): void;
}

/** A recogniser that does what a test says, when it says so. */
export class ScriptedRecogniser implements Recogniser {
  readonly batches: Batch[] = [];
  readonly #write: (task: Task, text: Task['texts'][number]) => readonly number[];
  readonly #isHeld: boolean;
  #running = 0;

  /** `isHeld`: batches wait until they are finished one by one. */
  constructor(
    write: (task: Task, text: Task['texts'][number]) => readonly number[],
    isHeld = false,
  ) {
    this.#write = write;
    this.#isHeld = isHeld;
  }

  ready(): boolean {
    return true;
  }

  async recognise(tasks: readonly Task[], cancelled: AbortSignal): Promise<Recognised> {
    this.#running += 1;
    if (this.#running > 1) throw new Error('two batches at once');
    const done = Promise.withResolvers<undefined>();
    this.batches.push({
      tasks,
      cancelled,
      finish: () => {
        done.resolve(undefined);
      },
      fail: (error) => {
        done.reject(error);
      },
    });
    cancelled.addEventListener('abort', () => {
      done.resolve(undefined);
    });
    if (!this.#isHeld) done.resolve(undefined);
    try {
      await done.promise;
    } finally {
      this.#running -= 1;
    }
    const ending: Text['ending'] = cancelled.aborted ? 'cancelled' : 'end';
    const texts = tasks.map((task) =>
      task.texts.map((text): Text => ({ tokens: this.#write(task, text), logprob: -0.5, ending })),
    );
    return { texts, encodeMs: 1, decodeMs: 1 };
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }
}
