import type { Browser, System } from './browser.ts';
import { undoRefusal } from './microphone-help.ts';
import type { TabProblem } from './tab-sound-help.ts';

/** Why there is no camera. */
export type CameraProblem = 'refused' | 'absent' | 'busy' | 'insecure' | 'gone';

/** What happened to the camera, and what to do. */
export function cameraHelp(problem: CameraProblem, browser: Browser, system: System): string {
  switch (problem) {
    case 'refused':
      return `The browser does not let Parley use the camera. ${undoRefusal(browser, system, 'camera')}`;
    case 'absent':
      return 'No camera was found. Plug one in, then turn it on again.';
    case 'busy':
      return 'The camera could not be started. Close other programs that use it, then try again.';
    case 'insecure':
      return 'Browsers give the camera only to pages opened with https:// or on localhost. Open this page that way.';
    case 'gone':
      return 'The camera is gone. Others no longer see you; they still hear you.';
  }
}

/** Why a screen is not shared, and what to do. */
export function screenHelp(problem: TabProblem): string {
  switch (problem) {
    case 'refusedBySystem':
      return 'Your system does not let the browser record the screen. Allow it in the system’s privacy settings, then start the browser again.';
    case 'unsupported':
      return 'This browser cannot share a screen. Use a computer for that.';
    case 'withoutSound':
    case 'windowWithoutSound':
    case 'failed':
    case 'ended':
      return 'The screen could not be shared. Choose it again.';
  }
}
