import { createContext } from 'svelte';
import type { InterfaceLanguage } from '../interface-language.svelte.ts';
import type { Devices } from './devices.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import type { Meeting } from './meeting.svelte.ts';
import type { Panel } from './panel.svelte.ts';
import type { Pictures } from './pictures.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Router } from './router.svelte.ts';
import type { TabSound } from './tab-sound.svelte.ts';

/** Everything the pages share; built once in main.ts. */
export interface AppState {
  readonly router: Router;
  readonly language: InterfaceLanguage;
  readonly preferences: Preferences;
  readonly devices: Devices;
  readonly tab: TabSound;
  /** Cameras and screens: one's own and those of the others. */
  readonly pictures: Pictures;
  readonly engine: Engine;
  readonly meeting: Meeting;
  /** Beside the conversation. */
  readonly panel: Panel;
  readonly context: AudioContext;
}

export const [getApp, setApp] = createContext<AppState>();
