import { defaults } from '../../../config/defaults.ts';
import { systemClock } from '../../../media/clock.ts';
import { Pacer } from '../../../media/egress/pacer.ts';
import { Hearing } from '../../../media/interpret/hearing.ts';
import { Metrics } from '../../../media/metrics.ts';
import { RtpSocket } from '../../../media/rtp/socket.ts';
import { receive } from './receive.ts';

/** One socket, and a jitter buffer, FEC, concealment and decoder for each stream: as in a call. */
await receive(async (job, deliver) => {
  const metrics = new Metrics();
  const meter = metrics.stage('rtp');
  const socket = await RtpSocket.create(systemClock, meter, defaults.media.rtpReceiveBufferBytes);
  const pacer = new Pacer(systemClock, defaults.media.pacerCatchUpMs, () => undefined);
  for (let stream = 0; stream < job.streams; stream += 1) {
    const hearing = await Hearing.create(defaults.media, { metrics, clock: systemClock });
    hearing.start();
    pacer.add({
      get idle() {
        return !hearing.waiting;
      },
      tick: (_, now) => {
        for (const { samples } of hearing.advance(now)) deliver(stream, samples.length);
      },
    });
    const { from: port, payloadType } = job;
    socket.listen(
      { port, ssrc: stream + 1, payloadType },
      {
        listening: true,
        receive: (packet) => {
          for (const { samples } of hearing.receive(packet)) deliver(stream, samples.length);
          if (hearing.waiting) pacer.wake();
        },
      },
    );
  }
  return Array.from({ length: job.streams }, () => socket.port);
});
