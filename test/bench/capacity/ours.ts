import { defaults } from '../../../config/defaults.ts';
import type { PcmFrame } from '../../../media/audio.ts';
import { systemClock } from '../../../media/clock.ts';
import { Pacer } from '../../../media/egress/pacer.ts';
import { Hearing } from '../../../media/interpret/hearing.ts';
import { SpeechQueue } from '../../../media/interpret/speech-queue.ts';
import { speechEvents } from '../../../media/interpret/speech-events.ts';
import { Metrics } from '../../../media/metrics.ts';
import { RtpSocket } from '../../../media/rtp/socket.ts';
import { UtteranceDetector } from '../../../media/vad/detector.ts';
import type { VadStream } from '../../../media/vad/model.ts';
import { SileroVad } from '../../../media/vad/silero.ts';
import { Windower } from '../../../media/vad/windows.ts';
import { receive } from '../ingest/receive.ts';

const { vadGatherMs: gatherMs, ...options } = defaults.media;
const never = new AbortController().signal;

/** Passes windows on and tells when each has been judged. */
const observed = (vad: VadStream, judged: (samples: number) => void): VadStream => ({
  probability: async (window, silent) => {
    const probability = await vad.probability(window, silent);
    judged(window.length);
    return probability;
  },
  reset: () => {
    vad.reset();
  },
});

/** The parts of the media process from the socket to utterances, put together as it does. */
await receive(async ({ streams, from: port, payloadType }, deliver) => {
  const metrics = new Metrics();
  const meter = metrics.stage('rtp');
  const socket = await RtpSocket.create(systemClock, meter, options.rtpReceiveBufferBytes);
  const pacer = new Pacer(systemClock, options.pacerCatchUpMs, () => undefined);
  const model = await SileroVad.create({ clock: systemClock, gatherMs });
  for (let stream = 0; stream < streams; stream += 1) {
    const hearing = await Hearing.create(options, { metrics, clock: systemClock });
    const windower = new Windower();
    const queue = new SpeechQueue(options.speechQueueMs, metrics.stage('speech-queue'));
    const vad = observed(model.open(), (samples) => {
      deliver(stream, samples);
    });
    const detector = new UtteranceDetector(options);
    const hear = (frames: readonly PcmFrame[]): void => {
      for (const frame of frames) {
        for (const window of windower.push(frame)) queue.push(window);
      }
    };
    hearing.start();
    pacer.add({
      get idle() {
        return !hearing.waiting;
      },
      tick: (_, now) => {
        hear(hearing.advance(now));
      },
    });
    const sink = {
      listening: true,
      receive: (packet: Parameters<Hearing['receive']>[0]) => {
        hear(hearing.receive(packet));
        if (hearing.waiting) pacer.wake();
      },
    };
    socket.listen({ port, ssrc: stream + 1, payloadType }, sink);
    void drain(speechEvents(queue.read(never), vad, detector));
  }
  return Array.from({ length: streams }, () => socket.port);
});

async function drain(events: AsyncGenerator<unknown, void>): Promise<void> {
  while ((await events.next()).done !== true);
}
