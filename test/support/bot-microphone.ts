import wrtc from '@roamhq/wrtc';

const RATE = 48_000;
const FRAME = 480;
const FRAME_MS = 10;

/** 48 kHz samples from -1 to 1 as sound cards give them. */
export const pcm16 = (samples: Float32Array): Int16Array =>
  Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);

/** A bot's microphone: says a recording over and over, as fast as the clock. */
export class BotMicrophone implements Disposable {
  readonly track: MediaStreamTrack;
  readonly #timer: NodeJS.Timeout;

  /** `words`: 48 kHz; `fromMs`: where in them it begins. */
  constructor(words: Int16Array, fromMs = 0) {
    const source = new wrtc.nonstandard.RTCAudioSource();
    this.track = source.createTrack();
    const began = performance.now();
    const whole = words.length - (words.length % FRAME);
    const offset = Math.round(fromMs / FRAME_MS) * FRAME;
    let frames = 0;
    this.#timer = setInterval(() => {
      for (; frames * FRAME_MS < performance.now() - began; frames++) {
        const start = (offset + frames * FRAME) % whole;
        const format = { sampleRate: RATE, bitsPerSample: 16, channelCount: 1 };
        // A copy: the source wants a buffer with nothing else in it.
        const samples = words.slice(start, start + FRAME);
        source.onData({ samples, ...format, numberOfFrames: FRAME });
      }
    }, FRAME_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
