/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** What a listener's loudspeaker got, every 20 ms. */
export interface Heard {
  /** Milliseconds since the ear was put on. */
  readonly at: number;
  /** Loudness (RMS, 0 to 1) of the sound on the tracks, before the volume of the element. */
  readonly original: number;
  readonly translated: number;
  /** Volume of the element that plays the original, 1 when there is none. */
  readonly originalVolume: number;
}

/**
 * Puts an ear on a page: measures, inside the browser, the decoded sound of every remote track that
 * the page plays, and the volume it plays it at. Returns a function that reads what was heard.
 */
export async function putEarOn(page: Page): Promise<() => Promise<readonly Heard[]>> {
  await page.evaluate(() => {
    const context = new AudioContext();
    const analysers = new Map<MediaStream, AnalyserNode>();
    const loudness = (element: HTMLAudioElement): number => {
      const stream = element.srcObject;
      if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return 0;
      let analyser = analysers.get(stream);
      if (analyser === undefined) {
        analyser = new AnalyserNode(context, { fftSize: 1024 });
        context.createMediaStreamSource(stream).connect(analyser);
        analysers.set(stream, analyser);
      }
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    };
    const heard: Heard[] = [];
    const start = performance.now();
    Object.assign(window, { heard });
    setInterval(() => {
      const originals = [
        ...document.querySelectorAll<HTMLAudioElement>('audio[data-track=original]'),
      ];
      const translations = [
        ...document.querySelectorAll<HTMLAudioElement>('audio[data-track=translation]'),
      ];
      heard.push({
        at: performance.now() - start,
        original: Math.max(0, ...originals.map(loudness)),
        translated: Math.max(0, ...translations.map(loudness)),
        originalVolume: Math.min(1, ...originals.map((element) => element.volume)),
      });
    }, 20);
  });
  return () => page.evaluate(() => (window as Window & { heard?: Heard[] }).heard ?? []);
}
