import { z } from 'zod';

/** What a person may send, each once: sound of two kinds, and pictures of two kinds. */
export const Source = z.enum(['microphone', 'tab', 'camera', 'screen']);
export type Source = z.infer<typeof Source>;

/** What is seen, not heard. The machine is never given it. */
export type PictureSource = Extract<Source, 'camera' | 'screen'>;

export function isPicture(type: string): type is PictureSource {
  return type === 'camera' || type === 'screen';
}

export function kindOf(source: Source): 'audio' | 'video' {
  return isPicture(source) ? 'video' : 'audio';
}
