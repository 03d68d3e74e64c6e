import type { SpeechEvent, UtteranceDetector } from '../vad/detector.ts';
import type { VadStream } from '../vad/model.ts';
import type { Heard } from './speech-queue.ts';

/** What happens in a speaker's audio, in order. */
export type HeardEvent =
  | SpeechEvent
  /** Speech was dropped right before what follows. */
  | { readonly type: 'skipped' }
  /** What follows is in this language. */
  | { readonly type: 'language'; readonly language: string };

/** Windows to probabilities to utterances. Ends with its input. */
export async function* speechEvents(
  input: AsyncIterable<Heard>,
  vad: VadStream,
  detector: UtteranceDetector,
): AsyncGenerator<HeardEvent, void, undefined> {
  for await (const heard of input) {
    if (heard.type === 'cut') {
      yield* detector.flush();
      yield { type: 'language', language: heard.language };
      continue;
    }
    if (heard.skipped) yield { type: 'skipped' };
    const { window } = heard;
    if (!window.follows) vad.reset();
    const probability = await vad.probability(window.samples, window.silent);
    yield* detector.push({ ...window, probability });
  }
}
