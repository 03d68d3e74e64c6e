import type { HearChoice, LanguageTag } from '../../server/protocol/ids.ts';
import { guessLanguage, matchHearing, matchLanguage } from '../languages.ts';

const KEY = 'parley';

/** What a person chose, kept in this browser where it may be kept. */
export class Preferences {
  name = $state('');
  speak: LanguageTag = $state(guessLanguage(navigator.languages));
  hear: HearChoice = $state(guessLanguage(navigator.languages));
  /** Device ids; '' is the system's default. */
  microphoneId = $state('');
  speakerId = $state('');
  showOriginal = $state(false);
  /** Engines whose limits were read and put away. */
  readEngine = $state('');

  constructor() {
    const saved = read();
    this.name = text(saved, 'name');
    this.speak = matchLanguage(text(saved, 'speak')) ?? this.speak;
    this.hear = matchHearing(text(saved, 'hear')) ?? this.hear;
    this.microphoneId = text(saved, 'microphoneId');
    this.speakerId = text(saved, 'speakerId');
    this.showOriginal = text(saved, 'showOriginal') === 'yes';
    this.readEngine = text(saved, 'readEngine');
  }

  /** Writes everything down; a browser that keeps nothing (private windows) is no error. */
  save(): void {
    const { name, speak, hear, microphoneId, speakerId, readEngine } = this;
    const showOriginal = this.showOriginal ? 'yes' : 'no';
    const values = { name, speak, hear, microphoneId, speakerId, showOriginal, readEngine };
    try {
      localStorage.setItem(KEY, JSON.stringify(values));
    } catch {
      // Storage is off or full: the choices hold until the page is closed.
    }
  }
}

function read(): ReadonlyMap<string, unknown> {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return new Map(typeof saved === 'object' && saved !== null ? Object.entries(saved) : []);
  } catch {
    return new Map();
  }
}

function text(saved: ReadonlyMap<string, unknown>, name: string): string {
  const value = saved.get(name);
  return typeof value === 'string' ? value : '';
}
