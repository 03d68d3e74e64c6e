import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import { baseLanguage } from '../routes/base-language.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';
import type { VoiceEngine } from './voice-engine.ts';

export interface VoiceChainParts {
  readonly log: Logger;
  readonly metrics: Pick<InferenceMetrics, 'voiceFallbacks'>;
}

/**
 * Several voices, the best first. Each text is spoken by the first that speaks its language; where
 * that one is not ready or fails, by the next, for a poorer voice is better than none. Owns them all.
 */
export class VoiceChain implements VoiceEngine, AsyncDisposable {
  readonly name = 'voices';
  readonly #engines: readonly VoiceEngine[];
  readonly #parts: VoiceChainParts;
  /** Those that could not speak the last time they were needed. */
  readonly #out = new Set<VoiceEngine>();

  constructor(engines: readonly VoiceEngine[], parts: VoiceChainParts) {
    this.#engines = engines;
    this.#parts = parts;
  }

  /** Grow when a voice that is elsewhere is reached. */
  get languages(): readonly string[] {
    return [...new Set(this.#engines.flatMap(({ languages }) => languages))];
  }

  /** Whether the last one is ready, which speaks for those that are not. */
  ready(): boolean {
    return this.#engines.at(-1)?.ready() ?? false;
  }

  async speak(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    const speakers = this.#speakers(baseLanguage(request.language));
    const last = speakers.at(-1);
    if (last === undefined) {
      throw new InferenceError('badRequest', `'${request.language}' is not spoken`);
    }
    for (const speaker of speakers) {
      if (speaker === last) break;
      if (!speaker.ready()) {
        this.#fellBack(speaker, 'not-ready');
        continue;
      }
      try {
        const result = await speaker.speak(request, signal);
        this.#spoke(speaker);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        this.#fellBack(speaker, error instanceof InferenceError ? error.code : 'failed');
      }
    }
    // There is nobody behind it: it may take its time to become ready, and its failure is the answer.
    return last.speak(request, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #speakers(language: string): readonly VoiceEngine[] {
    return this.#engines.filter(({ languages }) => languages.includes(language));
  }

  #fellBack(engine: VoiceEngine, reason: string): void {
    this.#parts.metrics.voiceFallbacks.inc({ voice: engine.name, reason });
    if (this.#out.has(engine)) return;
    this.#out.add(engine);
    this.#parts.log.warn({ voice: engine.name, reason }, 'another voice speaks instead');
  }

  #spoke(engine: VoiceEngine): void {
    if (this.#out.delete(engine)) this.#parts.log.info({ voice: engine.name }, 'speaks again');
  }
}
