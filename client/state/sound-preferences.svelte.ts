import type { Processing } from '../media/capture.ts';
import { UNDER_TRANSLATION } from '../media/ducking.ts';

const KEY = 'parley.sound';

type Choices = Pick<
  SoundPreferences,
  | 'echoCancellation'
  | 'noiseSuppression'
  | 'autoGainControl'
  | 'pushToTalk'
  | 'gate'
  | 'underTranslation'
>;

/** How a person wants to hear and be heard, kept in this browser where it may be kept. */
export class SoundPreferences {
  echoCancellation = $state(true);
  noiseSuppression = $state(true);
  autoGainControl = $state(true);
  pushToTalk = $state(false);
  /** The place on the microphone's meter, 0 to 1, below which nothing is speech; 0: nowhere. */
  gate = $state(0);
  /** Gain of an original while its translation plays over it, 0 to 1. */
  underTranslation = $state(UNDER_TRANSLATION);

  constructor() {
    const saved = read();
    this.echoCancellation = flag(saved, 'echoCancellation', true);
    this.noiseSuppression = flag(saved, 'noiseSuppression', true);
    this.autoGainControl = flag(saved, 'autoGainControl', true);
    this.pushToTalk = flag(saved, 'pushToTalk', false);
    this.gate = share(saved, 'gate', 0);
    this.underTranslation = share(saved, 'underTranslation', UNDER_TRANSLATION);
  }

  get processing(): Processing {
    const { echoCancellation, noiseSuppression, autoGainControl } = this;
    return { echoCancellation, noiseSuppression, autoGainControl };
  }

  /** Changes and writes down; a browser that keeps nothing (private windows) is no error. */
  change(choices: Partial<Choices>): void {
    Object.assign(this, choices);
    const { pushToTalk, gate, underTranslation } = this;
    const kept: Choices = { ...this.processing, pushToTalk, gate, underTranslation };
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
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

function flag(saved: ReadonlyMap<string, unknown>, name: string, otherwise: boolean): boolean {
  const value = saved.get(name);
  return typeof value === 'boolean' ? value : otherwise;
}

function share(saved: ReadonlyMap<string, unknown>, name: string, otherwise: number): number {
  const value = saved.get(name);
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : otherwise;
}
