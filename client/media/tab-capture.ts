import type { TabProblem } from '../tab-sound-help.ts';

/** What was chosen in the browser's dialog. */
export type Surface = 'tab' | 'window' | 'screen';

/** The sound of a tab or of the whole system. */
export interface TabCapture {
  readonly track: MediaStreamTrack;
  readonly surface: Surface;
}

/** Why there is no sound of a tab; undefined when the person has thought better of it. */
export class TabCaptureError extends Error {
  readonly problem: TabProblem | undefined;

  constructor(problem: TabProblem | undefined, cause?: unknown) {
    super(problem ?? 'dismissed', { cause });
    this.name = 'TabCaptureError';
    this.problem = problem;
  }
}

/** Members of Screen Capture (W3C, and Chrome's own windowAudio) that TypeScript's library lacks. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  readonly audio: MediaTrackConstraints & {
    readonly restrictOwnAudio: boolean;
    readonly suppressLocalAudioPlayback: boolean;
  };
  readonly systemAudio: 'include' | 'exclude';
  readonly windowAudio: 'exclude' | 'system' | 'window';
  readonly surfaceSwitching: 'include' | 'exclude';
  readonly selfBrowserSurface: 'include' | 'exclude';
  readonly controller?: unknown;
}

/** Whether this browser can keep the tab from being heard on this machine meanwhile. */
export function canSilenceTab(): boolean {
  return (
    'mediaDevices' in navigator &&
    'suppressLocalAudioPlayback' in navigator.mediaDevices.getSupportedConstraints()
  );
}

/**
 * Opens the browser's dialog and takes the sound of what is chosen there. Browsers give no sound
 * without a picture, so the picture is asked for, as small as may be, and let go at once: Chromium's
 * sound goes on without it. Rejects with a TabCaptureError.
 */
export async function captureTab({ silence }: { readonly silence: boolean }): Promise<TabCapture> {
  if (!('mediaDevices' in navigator) || !('getDisplayMedia' in navigator.mediaDevices)) {
    throw new TabCaptureError('unsupported');
  }
  const options = displayOptions({ displaySurface: 'browser', frameRate: 1 }, silence);
  const stream = await navigator.mediaDevices.getDisplayMedia(options).catch((error: unknown) => {
    throw new TabCaptureError(refusal(error), error);
  });
  const [picture] = stream.getVideoTracks();
  const surface = surfaceOf(picture);
  picture?.stop();
  const [track] = stream.getAudioTracks();
  if (track === undefined) {
    throw new TabCaptureError(surface === 'window' ? 'windowWithoutSound' : 'withoutSound');
  }
  return { track, surface };
}

/** Asks for this picture with the sound that belongs to it, which is played here as well or not. */
export function displayOptions(video: MediaTrackConstraints, silence: boolean): DisplayOptions {
  return {
    video,
    audio: {
      ...{ echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      // What this page itself plays is what the others say.
      restrictOwnAudio: true,
      suppressLocalAudioPlayback: silence,
    },
    ...{ systemAudio: 'include', windowAudio: 'window' },
    ...{ surfaceSwitching: 'include', selfBrowserSurface: 'exclude' },
    ...stayHere(),
  };
}

/** Chromium would go to the tab that was chosen; there is more to do on this page. */
function stayHere(): Pick<DisplayOptions, 'controller'> {
  const Controller: unknown = Reflect.get(globalThis, 'CaptureController');
  if (typeof Controller !== 'function') return {};
  const controller: unknown = Reflect.construct(Controller, []);
  if (canStay(controller)) controller.setFocusBehavior('no-focus-change');
  return { controller };
}

function canStay(
  controller: unknown,
): controller is { setFocusBehavior: (behaviour: 'no-focus-change') => void } {
  return typeof controller === 'object' && controller !== null && 'setFocusBehavior' in controller;
}

export function surfaceOf(picture: MediaStreamTrack | undefined): Surface {
  switch (picture?.getSettings().displaySurface) {
    case 'window':
      return 'window';
    case 'monitor':
      return 'screen';
    default:
      return 'tab';
  }
}

/** Dismissing the dialog and being refused by the system have one name; Chromium's words differ. */
export function refusal(error: unknown): TabProblem | undefined {
  const { name, message } = error instanceof DOMException ? error : { name: '', message: '' };
  if (name === 'NotAllowedError') return /system/i.test(message) ? 'refusedBySystem' : undefined;
  if (name === 'NotSupportedError' || name === 'TypeError') return 'unsupported';
  return 'failed';
}
