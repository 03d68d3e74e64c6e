import type { MicrophoneProblem } from '../microphone-help.ts';

/** What the browser does to the sound of a microphone. */
export interface Processing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

export interface CaptureOptions {
  readonly deviceId: string | undefined;
  readonly processing: Processing;
}

/**
 * Opens a microphone, the one asked for if it is there. Rejects with the browser's own error; see
 * `microphoneProblem`.
 */
export async function openMicrophone(options: CaptureOptions): Promise<MediaStream> {
  // Absent outside secure contexts, whatever the types say.
  if (!('mediaDevices' in navigator)) throw new DOMException('no mediaDevices', 'SecurityError');
  const { processing, deviceId } = options;
  const audio = { channelCount: 1, ...processing };
  const open = (wanted: MediaTrackConstraints) =>
    navigator.mediaDevices.getUserMedia({ audio: wanted });
  if (deviceId === undefined) return open(audio);
  try {
    // Not as an ideal: Chromium may prefer the system's default to it.
    return await open({ ...audio, deviceId: { exact: deviceId } });
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return open(audio);
  }
}

/** The device asked for is not there; another one may be. */
function isAbsent(error: unknown): boolean {
  return microphoneProblem(error) === 'absent';
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
