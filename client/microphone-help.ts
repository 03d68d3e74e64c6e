import type { Browser, System } from './browser.ts';

/** Why there is no microphone. */
export type MicrophoneProblem = 'refused' | 'absent' | 'busy' | 'insecure';

/** Said while an open microphone picks nothing up at all. */
export const SILENT_MICROPHONE =
  'We can’t hear your microphone. Check that it isn’t muted on the device.';

/** What happened to the microphone, and how to undo it in this browser. */
export function microphoneHelp(
  problem: MicrophoneProblem,
  browser: Browser,
  system: System,
): string {
  switch (problem) {
    case 'refused':
      return `The browser does not let Parley use the microphone. ${undoRefusal(browser, system)}`;
    case 'absent':
      return 'No microphone was found. Plug one in: it is used as soon as it is there.';
    case 'busy':
      return 'The microphone could not be started. Close other programs that use it, then try again.';
    case 'insecure':
      return 'Browsers give the microphone only to pages opened with https:// or on localhost. Open this page that way.';
  }
}

/** How to take back a refusal, of the microphone or the camera, in this browser. */
export function undoRefusal(
  browser: Browser,
  system: System,
  device: 'microphone' | 'camera' = 'microphone',
): string {
  if (system === 'phone') return undoOnPhone(browser, device);
  switch (browser) {
    case 'chromium':
      return `Choose the icon left of the address, allow the ${device}, then try again.`;
    case 'firefox':
      return `Choose the crossed-out ${device} left of the address, remove the block, then try again.`;
    case 'safari':
      return `Open Settings for This Website in the Safari menu, allow the ${device}, then try again.`;
    case 'other':
      return 'Allow it in the settings for this website, then try again.';
  }
}

/** Here the system must allow it as well. */
function undoOnPhone(browser: Browser, device: 'microphone' | 'camera'): string {
  switch (browser) {
    case 'chromium':
      return `Tap the icon left of the address, then Permissions, and allow the ${device}. If it is not there, allow it for the browser in the settings of the phone.`;
    case 'safari':
      return `Tap the icon beside the address, then Website Settings, and allow the ${device}. If it is not there, allow it for the browser in the settings of the phone.`;
    case 'firefox':
    case 'other':
      return `Tap the lock beside the address, then the ${device}. If it is not there, allow it for the browser in the settings of the phone.`;
  }
}
