import type { Browser, System } from './browser.ts';
import { m } from './paraglide/messages.js';

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
  if (system === 'phone') return impossible(m.prejoin_tab_phone());
  switch (browser) {
    case 'firefox':
      return impossible(m.prejoin_tab_firefox());
    case 'safari':
      return impossible(m.prejoin_tab_safari());
    case 'chromium':
    case 'other':
      return { possible: true, text: howToShare(system) };
  }
}

function howToShare(system: System): string {
  switch (system) {
    case 'windows':
    case 'chromeos':
      return m.prejoin_tab_how_whole_screen();
    case 'mac':
      return m.prejoin_tab_how_mac();
    case 'linux':
    case 'phone':
    case 'other':
      return m.prejoin_tab_how_only();
  }
}

/** What happened, and what to do. */
export function tabProblemHelp(problem: TabProblem): string {
  switch (problem) {
    case 'withoutSound':
      return m.prejoin_tab_without_sound();
    case 'windowWithoutSound':
      return m.prejoin_tab_window();
    case 'refusedBySystem':
      return m.prejoin_screen_refused();
    case 'unsupported':
      return m.prejoin_tab_unsupported();
    case 'failed':
      return m.prejoin_tab_failed();
    case 'ended':
      return m.prejoin_tab_ended();
  }
}
