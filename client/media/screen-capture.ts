import { displayOptions, refusal, surfaceOf, TabCaptureError } from './tab-capture.ts';
import type { TabCapture } from './tab-capture.ts';

/** A screen, a window or a tab, with its sound where the person shares that too. */
export interface ScreenCapture {
  readonly track: MediaStreamTrack;
  readonly sound: TabCapture | undefined;
}

/** Phones cannot. */
export function canShareScreen(): boolean {
  return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
}

/** Opens the browser's dialog and takes what is chosen there. Rejects with a TabCaptureError. */
export async function captureScreen(): Promise<ScreenCapture> {
  if (!canShareScreen()) throw new TabCaptureError('unsupported');
  const video = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } };
  const stream = await navigator.mediaDevices
    .getDisplayMedia(displayOptions(video, false))
    .catch((error: unknown) => {
      throw new TabCaptureError(refusal(error), error);
    });
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new TabCaptureError('failed');
  // Text is to stay readable, at the cost of movement.
  track.contentHint = 'detail';
  const [sound] = stream.getAudioTracks();
  const surface = surfaceOf(track);
  return { track, sound: sound && { track: sound, surface } };
}
