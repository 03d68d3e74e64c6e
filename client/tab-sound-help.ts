import type { Browser, System } from './browser.ts';

/** Why there is no sound of a tab, though it was asked for. */
export type TabProblem =
  | 'withoutSound'
  | 'windowWithoutSound'
  | 'refusedBySystem'
  | 'unsupported'
  | 'failed'
  /** The browser's own bar, or the tab itself, has ended it. */
  | 'ended';

export interface TabAbility {
  /** Whether it is worth asking at all. */
  readonly possible: boolean;
  /** Said before the browser's dialog opens. */
  readonly text: string;
}

/** What of the sound of this machine a browser can share, and what to look out for. */
export function tabAbility(browser: Browser, system: System): TabAbility {
  const impossible = (text: string): TabAbility => ({ possible: false, text });
  if (system === 'phone') {
    return impossible(
      'Phones and tablets cannot share the sound of a tab. Use a computer for that.',
    );
  }
  switch (browser) {
    case 'firefox':
      return impossible('Firefox cannot share the sound of a tab. Use Chrome or Edge for that.');
    case 'safari':
      return impossible('Safari cannot share the sound of a tab. Use Chrome or Edge for that.');
    case 'chromium':
    case 'other':
      return { possible: true, text: `${TAB} ${wholeSystem(system)}` };
  }
}

const TAB =
  'Your browser asks what to share. Choose a tab and leave “Also share tab audio” on. Only its sound is sent, no picture.';

function wholeSystem(system: System): string {
  switch (system) {
    case 'windows':
    case 'chromeos':
      return 'To share all sound of this computer, choose the entire screen and turn on “Also share system audio”.';
    case 'mac':
      return 'On newer versions of macOS you can also choose the entire screen, with “Also share system audio”.';
    case 'linux':
    case 'phone':
    case 'other':
      return 'The sound of other programs cannot be shared on this system.';
  }
}

/** What happened, and what to do. */
export function tabProblemHelp(problem: TabProblem): string {
  switch (problem) {
    case 'withoutSound':
      return 'It came without its sound. Choose again, and turn on “Also share tab audio” at the bottom of the browser’s dialog.';
    case 'windowWithoutSound':
      return 'A window comes without its sound. Choose a tab instead.';
    case 'refusedBySystem':
      return 'Your system does not let the browser record the screen. Allow it in the system’s privacy settings, then start the browser again.';
    case 'unsupported':
      return 'This browser cannot share the sound of a tab. Use Chrome or Edge on a computer.';
    case 'failed':
      return 'The sound could not be taken. Choose again.';
    case 'ended':
      return 'The tab is no longer shared. Choose again to go on.';
  }
}
