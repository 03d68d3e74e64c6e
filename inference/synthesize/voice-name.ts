import { InferenceError } from '../protocol/inference-error.ts';

/** A voice as a request names it. */
export interface VoiceName {
  readonly kind: 'male' | 'female';
  /** From 0. An engine with fewer voices of the kind starts over. */
  readonly variant: number;
}

/** `male`, `female`, or either with a number from 0 (`female-2`). Throws `badRequest`. */
export function voiceOf(voice: string): VoiceName {
  const match = /^(male|female)(?:-(\d{1,6}))?$/.exec(voice);
  if (!match) throw new InferenceError('badRequest', `no voice '${voice}'; use male-0 or female-0`);
  return { kind: match[1] === 'male' ? 'male' : 'female', variant: Number(match[2] ?? 0) };
}
