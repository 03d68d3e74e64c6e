import type { LanguagePair } from '../../inference/protocol/task-models.ts';
import type {
  TextToTranslate,
  TextTranslator,
} from '../../inference/translate-text/text-translator.ts';

/** A translator of texts whose translations are "<target>(<text>)", and which fails when a test says so. */
export class FakeTranslator implements TextTranslator {
  readonly engine = 'fake-text';
  readonly pairs: readonly LanguagePair[];
  readonly asked: TextToTranslate[] = [];
  closed = false;
  isReady = true;
  #failures: Error[] = [];
  #gate: Promise<void> = Promise.resolve();

  /** From English into each of these. */
  constructor(targets: readonly string[]) {
    this.pairs = targets.map((target) => ({ source: 'en', target }));
  }

  fail(...errors: readonly Error[]): void {
    this.#failures.push(...errors);
  }

  /** Texts from now on are translated only after the call of what this returns. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#gate = promise;
    return () => {
      resolve(undefined);
    };
  }

  ready(): boolean {
    return this.isReady;
  }

  async translate(asked: TextToTranslate, signal: AbortSignal): Promise<readonly string[]> {
    this.asked.push(asked);
    const given = Promise.withResolvers<never>();
    given.promise.catch(() => undefined);
    signal.addEventListener('abort', () => {
      given.reject(signal.reason);
    });
    signal.throwIfAborted();
    await Promise.race([this.#gate, given.promise]);
    const failure = this.#failures.shift();
    if (failure) throw failure;
    return asked.targets.map((target) => `${target}(${asked.text})`);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
