import type { Browser, System } from './browser.ts';
import { m } from './paraglide/messages.js';
import type { TabProblem } from './tab-sound-help.ts';

/** Why there is no camera. */
export type CameraProblem = 'refused' | 'absent' | 'busy' | 'insecure' | 'gone';

/** What happened to the camera, and what to do. */
export function cameraHelp(problem: CameraProblem, browser: Browser, system: System): string {
  switch (problem) {
    case 'refused':
      return m.prejoin_camera_refused({ undo: undoRefusal(browser, system) });
    case 'absent':
      return m.prejoin_camera_absent();
    case 'busy':
      return m.prejoin_camera_busy();
    case 'insecure':
      return m.prejoin_camera_insecure();
    case 'gone':
      return m.prejoin_camera_gone();
  }
}

/** How to take back a refusal of the camera in this browser. */
function undoRefusal(browser: Browser, system: System): string {
  // Here the system must allow it as well.
  const onPhone = system === 'phone';
  switch (browser) {
    case 'chromium':
      return onPhone ? m.prejoin_undo_camera_phone_chromium() : m.prejoin_undo_camera_chromium();
    case 'safari':
      return onPhone ? m.prejoin_undo_camera_phone_safari() : m.prejoin_undo_camera_safari();
    case 'firefox':
      return onPhone ? m.prejoin_undo_camera_phone_other() : m.prejoin_undo_camera_firefox();
    case 'other':
      return onPhone ? m.prejoin_undo_camera_phone_other() : m.prejoin_undo_other();
  }
}

/** Why a screen is not shared, and what to do. */
export function screenHelp(problem: TabProblem): string {
  switch (problem) {
    case 'refusedBySystem':
      return m.prejoin_screen_refused();
    case 'unsupported':
      return m.prejoin_screen_unsupported();
    case 'withoutSound':
    case 'windowWithoutSound':
    case 'failed':
    case 'ended':
      return m.prejoin_screen_failed();
  }
}
