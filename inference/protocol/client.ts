import { Agent, request as httpRequest } from 'undici';
import { z } from 'zod';
import { decodeInferResponse, encodeInferRequest, JSON_LENGTH_HEADER } from './infer-body.ts';
import { InferenceError, type InferenceErrorCode } from './inference-error.ts';
import { identifyInputs, readIdentifyResult } from './language-tensors.ts';
import type { ModelName } from './served-tasks.ts';
import type {
  EngineLanguages,
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from './task-models.ts';
import {
  metadataSchema,
  readSpeechResult,
  readVoiceResult,
  sequenceParameters,
  speechInputs,
  voiceInputs,
} from './task-tensors.ts';
import type { Tensor } from './tensors.ts';
import { readTextResult, textInputs } from './text-tensors.ts';

export interface InferenceClientOptions {
  /** How long a request may take from asking to its last byte. */
  readonly timeoutMs: number;
  /** How long `ready()` and `languages()` may take. */
  readonly healthTimeoutMs: number;
}

const errorBody = z.object({
  error: z.string(),
  code: z.enum(['badRequest', 'unavailable', 'overloaded', 'failed']).optional(),
});

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Answered {
  readonly status: number;
  readonly jsonLength: string | undefined;
  readonly body: Buffer;
}

/**
 * Asks an Open Inference Protocol server for the task models. Every failure is an InferenceError:
 * a server that cannot be reached is `unavailable`, one that takes too long `failed`. A request
 * ended by its signal rejects with the signal's reason.
 */
export class InferenceClient implements AsyncDisposable {
  readonly #base: string;
  readonly #options: InferenceClientOptions;
  readonly #agent = new Agent();
  #closed = false;

  /** `url`: base of the server, without `/v2`. */
  constructor(url: string, options: InferenceClientOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#options = options;
  }

  async speech(request: SpeechRequest, signal?: AbortSignal): Promise<SpeechResult> {
    const outputs = await this.#infer('speech', {
      inputs: speechInputs(request),
      parameters: sequenceParameters(request),
      signal,
    });
    return fromServer(() => readSpeechResult(outputs, request.targets.length));
  }

  async voice(request: VoiceRequest, signal?: AbortSignal): Promise<VoiceResult> {
    const outputs = await this.#infer('voice', {
      inputs: voiceInputs(request),
      parameters: {},
      signal,
    });
    return fromServer(() => readVoiceResult(outputs));
  }

  /** `badRequest` where the server translates no texts. */
  async text(request: TextRequest, signal?: AbortSignal): Promise<TextResult> {
    const inputs = textInputs(request);
    const outputs = await this.#infer('text', { inputs, parameters: {}, signal });
    return fromServer(() => readTextResult(outputs, request.targets.length));
  }

  /** `badRequest` where the server cannot tell languages apart. */
  async identify(request: IdentifyRequest, signal?: AbortSignal): Promise<IdentifyResult> {
    const inputs = identifyInputs(request);
    const outputs = await this.#infer('language', { inputs, parameters: {}, signal });
    return fromServer(() => readIdentifyResult(outputs));
  }

  /** What the engine behind the server can do. */
  async languages(signal?: AbortSignal): Promise<EngineLanguages> {
    const { body } = await this.#ask('/v2/models/speech', this.#health(signal));
    const metadata = metadataSchema.safeParse(tryJson(body));
    if (metadata.success) return metadata.data.parameters;
    throw new InferenceError('failed', 'the model server does not say which languages it serves');
  }

  /** True when models are loaded; false also when the server cannot be reached. */
  async ready(signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#ask('/v2/health/ready', this.#health(signal));
      return true;
    } catch (error) {
      if (error instanceof InferenceError) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#agent.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #health(signal: AbortSignal | undefined): Asked {
    return { method: 'GET', timeoutMs: this.#options.healthTimeoutMs, signal };
  }

  async #infer(
    model: ModelName,
    asked: {
      readonly inputs: readonly Tensor[];
      readonly parameters: Readonly<Record<string, string | number | boolean>>;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Tensor[]> {
    const answer = await this.#ask(`/v2/models/${model}/infer`, {
      method: 'POST',
      ...encodeInferRequest(asked.inputs, asked.parameters),
      timeoutMs: this.#options.timeoutMs,
      signal: asked.signal,
    });
    return fromServer(() => decodeInferResponse(answer.body, answer.jsonLength));
  }

  async #ask(path: string, asked: Asked): Promise<Answered> {
    const { timeoutMs, signal, ...rest } = asked;
    const timeout = AbortSignal.timeout(timeoutMs);
    let answer: Answered;
    try {
      const response = await httpRequest(this.#base + path, {
        ...rest,
        dispatcher: this.#agent,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const length = response.headers[JSON_LENGTH_HEADER];
      answer = {
        status: response.statusCode,
        jsonLength: typeof length === 'string' ? length : undefined,
        body: Buffer.from(await response.body.arrayBuffer()),
      };
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      if (timeout.aborted) {
        throw new InferenceError('failed', `no answer within ${timeoutMs} ms`, { cause });
      }
      throw new InferenceError('unavailable', 'the model server cannot be reached', { cause });
    }
    if (answer.status === 200) return answer;
    const told = errorBody.safeParse(tryJson(answer.body));
    throw new InferenceError(
      told.data?.code ?? codeOf(answer.status),
      told.data?.error ?? `the model server answered with status ${answer.status}`,
    );
  }
}

/** For servers that say no code of ours. */
function codeOf(status: number): InferenceErrorCode {
  if (status === 429) return 'overloaded';
  if (status === 502 || status === 503) return 'unavailable';
  return status >= 400 && status < 500 ? 'badRequest' : 'failed';
}

/** What is wrong in an answer is the server's failure, not a bad request of ours. */
function fromServer<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof InferenceError)) throw cause;
    throw new InferenceError('failed', `malformed answer: ${cause.message}`, { cause });
  }
}

function tryJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
