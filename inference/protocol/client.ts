import { HttpExchange, tryJson, type Asked } from './http-exchange.ts';
import { decodeInferResponse, encodeInferRequest } from './infer-body.ts';
import { InferenceError } from './inference-error.ts';
import { identifyInputs, readIdentifyResult } from './language-tensors.ts';
import { asBatch, describeModel, ofBatch, type ModelDescription } from './model-description.ts';
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
  languagesSchema,
  readSpeechResult,
  readVoiceResult,
  sequenceParameters,
  speechInputs,
  spokenSchema,
  voiceInputs,
} from './task-tensors.ts';
import type { Tensor } from './tensors.ts';
import { traceHeaders } from './tracing/span.ts';
import { readTextResult, textInputs } from './text-tensors.ts';

export interface InferenceClientOptions {
  /** How long a request may take from asking to its last byte. */
  readonly timeoutMs: number;
  /** How long `ready()` and `languages()` may take. */
  readonly healthTimeoutMs: number;
  /** Bearer token that the server, or a proxy before it, asks for; a password in its address is used else. */
  readonly token?: string | undefined;
}

/** `silent`: it cannot be reached, or does not answer in time. */
export type Health = 'ready' | 'unready' | 'silent';

/** Parts of one utterance have the same, so that a load balancer can keep them together. */
const SEQUENCE_HEADER = 'inference-sequence-id';

/**
 * Asks an Open Inference Protocol server for the task models. Every failure is an InferenceError:
 * a server that cannot be reached is `unavailable`, one that takes too long `failed`. A request
 * ended by its signal rejects with the signal's reason.
 */
export class InferenceClient implements AsyncDisposable {
  readonly #http: HttpExchange;
  readonly #options: InferenceClientOptions;
  /** Whether models want batches, as far as it is known. */
  readonly #batched = new Map<ModelName, boolean>();

  /** `url`: base of the server, without `/v2`. */
  constructor(url: string, options: InferenceClientOptions) {
    this.#http = new HttpExchange(url, options.token);
    this.#options = options;
  }

  async speech(request: SpeechRequest, signal?: AbortSignal): Promise<SpeechResult> {
    const outputs = await this.#infer('speech', {
      inputs: speechInputs(request),
      parameters: sequenceParameters(request),
      headers: { [SEQUENCE_HEADER]: String(request.sequence) },
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
    const { parameters } = await this.#describe('speech', signal);
    const told = languagesSchema.safeParse(parameters);
    if (told.success) return told.data;
    throw new InferenceError('failed', 'the model server does not say which languages it serves');
  }

  /** The languages that the server speaks; undefined where it has a voice and does not say. */
  async speaks(signal?: AbortSignal): Promise<readonly string[] | undefined> {
    try {
      const { parameters } = await this.#describe('voice', signal);
      return spokenSchema.safeParse(parameters).data?.languages;
    } catch (error) {
      if (error instanceof InferenceError && error.code === 'badRequest') return [];
      throw error;
    }
  }

  /** True when models are loaded; false also when the server cannot be reached. */
  async ready(signal?: AbortSignal): Promise<boolean> {
    return (await this.health(signal)) === 'ready';
  }

  async health(signal?: AbortSignal): Promise<Health> {
    try {
      const { status } = await this.#http.exchange('/v2/health/ready', this.#glance(signal));
      return status === 200 ? 'ready' : 'unready';
    } catch (error) {
      if (error instanceof InferenceError) return 'silent';
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #glance(signal: AbortSignal | undefined): Asked {
    return { method: 'GET', timeoutMs: this.#options.healthTimeoutMs, signal };
  }

  async #describe(model: ModelName, signal: AbortSignal | undefined): Promise<ModelDescription> {
    const description = await describeModel(async (path) => {
      const { body } = await this.#http.ask(`/v2/models/${model}${path}`, this.#glance(signal));
      return tryJson(body);
    });
    this.#batched.set(model, description.batched);
    return description;
  }

  /** Asked for once, where it has not been told by the way. */
  async #wantsBatch(model: ModelName, signal: AbortSignal | undefined): Promise<boolean> {
    const known = this.#batched.get(model);
    if (known !== undefined) return known;
    try {
      return (await this.#describe(model, signal)).batched;
    } catch (error) {
      // What is wrong shows when the model itself is asked.
      if (error instanceof InferenceError) return false;
      throw error;
    }
  }

  async #infer(
    model: ModelName,
    asked: {
      readonly inputs: readonly Tensor[];
      readonly parameters: Readonly<Record<string, string | number | boolean>>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Tensor[]> {
    const batched = await this.#wantsBatch(model, asked.signal);
    const inputs = batched ? asBatch(asked.inputs) : asked.inputs;
    const { body, headers } = encodeInferRequest(inputs, asked.parameters);
    const answer = await this.#http.ask(`/v2/models/${model}/infer`, {
      method: 'POST',
      headers: { ...headers, ...asked.headers, ...traceHeaders() },
      body,
      timeoutMs: this.#options.timeoutMs,
      signal: asked.signal,
    });
    const outputs = fromServer(() => decodeInferResponse(answer.body, answer.jsonLength));
    return batched ? ofBatch(outputs) : outputs;
  }
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
