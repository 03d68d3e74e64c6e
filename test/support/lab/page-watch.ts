/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** Something a page played or showed, at a time in milliseconds since 1970. */
export type Seen = { readonly at: number } & (
  | { readonly what: 'translated' | 'original'; readonly audible: boolean }
  /** Packets of an original track have come since the last look, a tenth of a second ago. */
  | { readonly what: 'packets' }
  /** What status "Connection" says from now on. */
  | { readonly what: 'status'; readonly text: string }
  /** The others' cards. */
  | { readonly what: 'people'; readonly names: readonly string[] }
  /** A line of captions has appeared, or is final now; its first word was said at `startedAt`. */
  | { readonly what: 'line' | 'final'; readonly startedAt: number }
);

declare global {
  interface Window {
    seen?: Seen[];
  }
}

/**
 * Watches a page from the inside: the sound of its tracks before the volume of their elements, and
 * what it shows. To be called in a call, on a page with `exposeConnections`. Returns a function that
 * reads everything seen since.
 */
export async function watchPage(page: Page): Promise<() => Promise<readonly Seen[]>> {
  await page.evaluate(() => {
    const AUDIBLE = 0.01;
    /** Gaps between words are shorter than this, and no silence. */
    const HOLD_MS = 250;
    const seen: Seen[] = [];
    window.seen = seen;
    const context = new AudioContext();
    const analysers = new Map<MediaStream, AnalyserNode>();
    const samples = new Float32Array(1024);

    const streams = (track: string): MediaStream[] =>
      [...document.querySelectorAll<HTMLAudioElement>(`audio[data-track=${track}]`)].flatMap(
        ({ srcObject }) => (srcObject instanceof MediaStream ? [srcObject] : []),
      );
    const loudness = (stream: MediaStream): number => {
      if (stream.getAudioTracks().length === 0) return 0;
      let analyser = analysers.get(stream);
      if (analyser === undefined) {
        analyser = new AnalyserNode(context, { fftSize: samples.length });
        context.createMediaStreamSource(stream).connect(analyser);
        analysers.set(stream, analyser);
      }
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    };

    const lastHeard = { translated: -Infinity, original: -Infinity };
    const audible = { translated: false, original: false };
    const listen = (what: 'translated' | 'original', track: string): void => {
      const now = Date.now();
      if (Math.max(0, ...streams(track).map(loudness)) > AUDIBLE) {
        lastHeard[what] = now;
        if (!audible[what]) seen.push({ at: now, what, audible: (audible[what] = true) });
      } else if (audible[what] && now - lastHeard[what] > HOLD_MS) {
        seen.push({ at: lastHeard[what], what, audible: (audible[what] = false) });
      }
    };
    setInterval(() => {
      listen('translated', 'translation');
      listen('original', 'original');
    }, 20);

    const received = new Map<string, number>();
    const countPackets = async (): Promise<void> => {
      const wanted = streams('original').map((stream) => stream.getAudioTracks()[0]?.id);
      const connections = Reflect.get(window, 'connections') as RTCPeerConnection[];
      for (const connection of connections) {
        if (connection.connectionState === 'closed') continue;
        for (const receiver of connection.getReceivers()) {
          const { id } = receiver.track;
          if (!wanted.includes(id)) continue;
          for (const entry of (await receiver.getStats()).values()) {
            const { type, packetsReceived = 0 } = entry as RTCInboundRtpStreamStats;
            if (type !== 'inbound-rtp' || packetsReceived <= (received.get(id) ?? 0)) continue;
            received.set(id, packetsReceived);
            seen.push({ at: Date.now(), what: 'packets' });
          }
        }
      }
    };

    let status = '';
    let people = '';
    const known = { line: new Set<string>(), final: new Set<string>() };
    const note = (what: 'line' | 'final', { dateTime }: HTMLTimeElement): void => {
      if (known[what].has(dateTime)) return;
      known[what].add(dateTime);
      seen.push({ at: Date.now(), what, startedAt: Date.parse(dateTime) });
    };
    const look = (): void => {
      const text = document.querySelector('[role=status][aria-label=Connection]')?.textContent;
      if (text !== undefined && text !== status) {
        status = text;
        seen.push({ at: Date.now(), what: 'status', text });
      }
      const cards = document.querySelectorAll('ul[aria-label=Participants] .name');
      const names = [...cards].map((card) => card.textContent);
      if (names.join() !== people) {
        people = names.join();
        seen.push({ at: Date.now(), what: 'people', names });
      }
      for (const time of document.querySelectorAll<HTMLTimeElement>('[role=log] time')) {
        note('line', time);
        if (time.closest('[data-final=true]')) note('final', time);
      }
    };
    setInterval(() => {
      look();
      void countPackets();
    }, 100);
  });
  return () => page.evaluate(() => window.seen ?? []);
}
