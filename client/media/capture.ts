import type { MicrophoneProblem } from '../microphone-help.ts';

export interface CaptureOptions {
  readonly deviceId: string | undefined;
  /** Echo cancellation, noise suppression and gain control of the browser. */
  readonly processing: boolean;
}

/**
 * Opens a microphone, the one asked for if it is there. Rejects with the browser's own error; see
 * `microphoneProblem`.
 */
export async function openMicrophone(options: CaptureOptions): Promise<MediaStream> {
  // Absent outside secure contexts, whatever the types say.
  if (!('mediaDevices' in navigator)) throw new DOMException('no mediaDevices', 'SecurityError');
  const { processing, deviceId } = options;
  return navigator.mediaDevices.getUserMedia({
    audio: {
      channelCount: 1,
      echoCancellation: processing,
      noiseSuppression: processing,
      autoGainControl: processing,
      ...(deviceId === undefined ? {} : { deviceId: { ideal: deviceId } }),
    },
  });
}

export function microphoneProblem(error: unknown): MicrophoneProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'refused';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    default:
      return 'busy';
  }
}
