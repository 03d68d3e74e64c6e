/** The part of @roamhq/wrtc that tests use; the package brings no types. */
declare module '@roamhq/wrtc' {
  interface Samples {
    readonly samples: Int16Array;
    readonly sampleRate: number;
    readonly bitsPerSample: number;
    readonly channelCount: number;
    readonly numberOfFrames: number;
  }

  export class RTCAudioSource {
    createTrack(): MediaStreamTrack;
    onData(samples: Samples): void;
  }

  export class RTCAudioSink {
    constructor(track: MediaStreamTrack);
    ondata: ((samples: Samples) => void) | null;
    stop(): void;
  }

  const wrtc: {
    readonly RTCPeerConnection: unknown;
    readonly RTCSessionDescription: unknown;
    readonly RTCIceCandidate: unknown;
    readonly MediaStream: unknown;
    readonly MediaStreamTrack: unknown;
    readonly nonstandard: {
      readonly RTCAudioSource: typeof RTCAudioSource;
      readonly RTCAudioSink: typeof RTCAudioSink;
    };
  };
  export default wrtc;
}
