import type { HearChoice, LanguageTag } from '../../server/protocol/ids.ts';
import { guessLanguage, matchLanguage } from '../languages.ts';

const KEY = 'parley.solo';

export type SoloSource = 'microphone' | 'tab';

/**
 * What is translated for one person alone, kept in this browser where it may be kept: other languages
 * than in meetings, for whoever watches a foreign video does not speak its language.
 */
export class SoloChoices {
  from: LanguageTag;
  to: LanguageTag;
  source: SoloSource;

  /** `speak` and `hear` are the first guess. */
  constructor({ speak, hear }: { readonly speak: LanguageTag; readonly hear: HearChoice }) {
    const [from = '', to = '', source] = read();
    const mine = hear === 'original' ? guessLanguage(navigator.languages) : hear;
    this.from = $state(matchLanguage(from) ?? speak);
    this.to = $state(matchLanguage(to) ?? mine);
    this.source = $state(source === 'tab' ? 'tab' : 'microphone');
  }

  /** Changes and writes down; a browser that keeps nothing (private windows) is no error. */
  change(choices: Partial<Pick<SoloChoices, 'from' | 'to' | 'source'>>): void {
    Object.assign(this, choices);
    const { from, to, source } = this;
    try {
      localStorage.setItem(KEY, `${from} ${to} ${source}`);
    } catch {
      // Storage is off or full: the choices hold until the page is closed.
    }
  }
}

function read(): readonly string[] {
  try {
    return (localStorage.getItem(KEY) ?? '').split(' ');
  } catch {
    return [];
  }
}
