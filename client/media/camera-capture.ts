import type { CameraProblem } from '../camera-help.ts';
import { microphoneProblem } from './capture.ts';

/**
 * Opens a camera, the one asked for if it is there. Rejects with the browser's own error; see
 * `cameraProblem`.
 */
export async function openCamera(deviceId: string | undefined): Promise<MediaStreamTrack> {
  // Absent outside secure contexts, whatever the types say.
  if (!('mediaDevices' in navigator)) throw new DOMException('no mediaDevices', 'SecurityError');
  const size = {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
  };
  if (deviceId === undefined) return open(size);
  try {
    return await open({ ...size, deviceId: { exact: deviceId } });
  } catch (error) {
    if (cameraProblem(error) !== 'absent') throw error;
    return open(size);
  }
}

async function open(video: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
  if (track === undefined) throw new DOMException('no picture', 'NotFoundError');
  track.contentHint = 'motion';
  return track;
}

/** Cameras are refused with the same names as microphones. */
export function cameraProblem(error: unknown): CameraProblem {
  return microphoneProblem(error);
}
