/// <reference lib="dom" />
import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';

/** Sends the microphone and plays whoever speaks: nothing else, by the shortest way. */
const ask = async <T>(request: string, body: object = {}): Promise<T> => {
  const answer = await fetch(`/${request}`, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as T;
};

// As Parley is asked to: both are to send the same.
const microphone = navigator.mediaDevices.getUserMedia({
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
});
const device = await Device.factory();
await device.load({ routerRtpCapabilities: await ask<types.RtpCapabilities>('capabilities') });
await Promise.all([send(), receive()]);

async function send(): Promise<void> {
  const transport = device.createSendTransport(await ask<types.TransportOptions>('open'));
  connecting(transport);
  transport.on('produce', ({ rtpParameters }, done, failed) => {
    const producing = ask<{ id: string }>('produce', { transportId: transport.id, rtpParameters });
    producing.then(done, failed);
  });
  const [track] = (await microphone).getAudioTracks();
  if (track) await transport.produce({ track });
}

async function receive(): Promise<void> {
  const transport = device.createRecvTransport(await ask<types.TransportOptions>('open'));
  connecting(transport);
  const { recvRtpCapabilities: rtpCapabilities } = device;
  const offer = await ask<types.ConsumerOptions | null>('consume', {
    ...{ transportId: transport.id, rtpCapabilities },
  });
  if (offer === null) return;
  const consumer = await transport.consume(offer);
  const audio = new Audio();
  audio.srcObject = new MediaStream([consumer.track]);
  audio.autoplay = true;
  document.body.append(audio);
  await ask('resume', { consumerId: consumer.id });
}

function connecting(transport: types.Transport): void {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    ask('connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
  });
}
