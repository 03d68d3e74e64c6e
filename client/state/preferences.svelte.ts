import type { Detect } from '../../server/protocol/detection.ts';
import type { EngineInfo } from '../../server/protocol/events.ts';
import type { HearChoice, LanguageTag, VoicePreference } from '../../server/protocol/ids.ts';
import { matchColours, matchSize } from '../caption-look.ts';
import type { CaptionColours, CaptionSize } from '../caption-look.ts';
import { guessAllowed, startDetecting } from '../detection.ts';
import { guessLanguage, matchHearing, matchLanguage } from '../languages.ts';
import { SoundPreferences } from './sound-preferences.svelte.ts';

const KEY = 'parley';

/** What a person chose, kept in this browser where it may be kept. */
export class Preferences {
  name = $state('');
  speak: LanguageTag = $state(guessLanguage(navigator.languages));
  hear: HearChoice = $state(guessLanguage(navigator.languages));
  /** Whether what is spoken is to be detected, and among which languages. */
  detecting = $state(false);
  allowed: readonly LanguageTag[] = $state.raw(guessAllowed(navigator.languages));
  /** What speaks for them in other languages. */
  voice: VoicePreference = $state('automatic');
  /** Device ids; '' is the system's default. */
  microphoneId = $state('');
  speakerId = $state('');
  cameraId = $state('');
  showOriginal = $state(false);
  /** The two lines of captions under everything else. */
  captionStrip = $state(false);
  captionSize: CaptionSize = $state('M');
  captionColours: CaptionColours = $state('dark');
  readonly sound = new SoundPreferences();
  /** Engines whose limits were read and put away. */
  readEngine = $state('');

  readonly detect: Detect = $derived(this.detecting ? { allowed: [...this.allowed] } : null);

  constructor() {
    const saved = read();
    this.name = text(saved, 'name');
    this.speak = matchLanguage(text(saved, 'speak')) ?? this.speak;
    this.hear = matchHearing(text(saved, 'hear')) ?? this.hear;
    this.detecting = text(saved, 'detecting') === 'yes';
    const allowed = guessAllowed(text(saved, 'allowed').split(','));
    if (allowed.length > 0) this.allowed = allowed;
    this.voice = voicePreference(text(saved, 'voice'));
    this.microphoneId = text(saved, 'microphoneId');
    this.speakerId = text(saved, 'speakerId');
    this.cameraId = text(saved, 'cameraId');
    this.showOriginal = text(saved, 'showOriginal') === 'yes';
    this.captionStrip = text(saved, 'captionStrip') === 'yes';
    this.captionSize = matchSize(text(saved, 'captionSize')) ?? this.captionSize;
    this.captionColours = matchColours(text(saved, 'captionColours')) ?? this.captionColours;
    this.readEngine = text(saved, 'readEngine');
  }

  /** "I speak: Detect", among the languages of before as far as this engine tells them apart. */
  startDetecting(engine: EngineInfo): void {
    Object.assign(this, startDetecting(engine, this.allowed, this.speak));
    this.detecting = true;
  }

  /** Writes everything down; a browser that keeps nothing (private windows) is no error. */
  save(): void {
    const { name, speak, hear, voice, microphoneId, speakerId, cameraId, readEngine } = this;
    const showOriginal = this.showOriginal ? 'yes' : 'no';
    const detection = {
      detecting: this.detecting ? 'yes' : 'no',
      allowed: this.allowed.join(','),
    };
    const ids = { microphoneId, speakerId, cameraId, readEngine };
    const captions = {
      captionStrip: this.captionStrip ? 'yes' : 'no',
      captionSize: this.captionSize,
      captionColours: this.captionColours,
    };
    const values = { name, speak, hear, voice, showOriginal, ...detection, ...ids, ...captions };
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

function voicePreference(saved: string): VoicePreference {
  return saved === 'higher' || saved === 'lower' ? saved : 'automatic';
}
