import { receiveByChildren } from './child-per-stream.ts';

/** One gst-launch per stream, with the jitter buffer that ffmpeg has not. */
await receiveByChildren('gst-launch-1.0', (port, payloadType) =>
  Promise.resolve([
    ...['-q', 'udpsrc', 'address=127.0.0.1', `port=${port}`],
    `caps=application/x-rtp,media=audio,encoding-name=OPUS,payload=${payloadType},clock-rate=48000`,
    ...['!', 'rtpjitterbuffer', 'latency=60', '!', 'rtpopusdepay', '!', 'opusdec', 'plc=true'],
    ...['!', 'audioconvert', '!', 'audioresample'],
    ...['!', 'audio/x-raw,format=S16LE,rate=16000,channels=1', '!', 'fdsink', 'fd=1'],
  ]),
);
