import type { Browser, System } from './browser.ts';
import { m } from './paraglide/messages.js';

/** Why there is no microphone. */
export type MicrophoneProblem = 'refused' | 'absent' | 'busy' | 'insecure';

/** Said while an open microphone picks nothing up at all. */
export const silentMicrophone = (): string => m.prejoin_microphone_silent();

/** What happened to the microphone, and how to undo it in this browser. */
export function microphoneHelp(
  problem: MicrophoneProblem,
  browser: Browser,
  system: System,
): string {
  switch (problem) {
    case 'refused':
      return m.prejoin_microphone_refused({ undo: undoRefusal(browser, system) });
    case 'absent':
      return m.prejoin_microphone_absent();
    case 'busy':
      return m.prejoin_microphone_busy();
    case 'insecure':
      return m.prejoin_microphone_insecure();
  }
}

/** How to take back a refusal of the microphone in this browser. */
function undoRefusal(browser: Browser, system: System): string {
  // Here the system must allow it as well.
  const onPhone = system === 'phone';
  switch (browser) {
    case 'chromium':
      return onPhone ? m.prejoin_undo_phone_chromium() : m.prejoin_undo_chromium();
    case 'safari':
      return onPhone ? m.prejoin_undo_phone_safari() : m.prejoin_undo_safari();
    case 'firefox':
      return onPhone ? m.prejoin_undo_phone_other() : m.prejoin_undo_firefox();
    case 'other':
      return onPhone ? m.prejoin_undo_phone_other() : m.prejoin_undo_other();
  }
}
