import type { Page } from 'playwright-core';
import { z } from 'zod';

const Sample = z.object({
  mid: z.string(),
  packetsReceived: z.number(),
  packetsLost: z.number(),
  totalSamplesReceived: z.number(),
  concealedSamples: z.number(),
  silentConcealedSamples: z.number(),
  jitterBufferDelay: z.number(),
  jitterBufferEmittedCount: z.number(),
});
/** What a browser says of one track it receives (webrtc-stats, RTCInboundRtpStreamStats). */
export type InboundAudio = z.infer<typeof Sample>;

/** Lets `inboundAudio` see the page's connections. To be called before the page is opened. */
export async function exposeConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    Reflect.set(globalThis, 'connections', connections);
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
  });
}

/** The track that one audio element of the page plays. */
export async function inboundAudio(page: Page, selector: string): Promise<InboundAudio> {
  const element = page.locator(selector).first();
  await element.waitFor({ state: 'attached' });
  const report: unknown = await element.evaluate(async (audio: HTMLAudioElement) => {
    const stream = audio.srcObject instanceof MediaStream ? audio.srcObject : undefined;
    const id = stream?.getAudioTracks()[0]?.id;
    const connections = Reflect.get(globalThis, 'connections') as RTCPeerConnection[];
    for (const connection of connections) {
      const receiver = connection.getReceivers().find(({ track }) => track.id === id);
      if (!receiver) continue;
      for (const entry of (await receiver.getStats()).values()) {
        if ((entry as RTCStats).type === 'inbound-rtp') return entry as unknown;
      }
    }
    return undefined;
  });
  return Sample.parse(report);
}
