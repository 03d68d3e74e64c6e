import { createContext } from 'svelte';
import type { Devices } from './devices.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import type { Meeting } from './meeting.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Router } from './router.svelte.ts';

/** Everything the pages share; built once in main.ts. */
export interface AppState {
  readonly router: Router;
  readonly preferences: Preferences;
  readonly devices: Devices;
  readonly engine: Engine;
  readonly meeting: Meeting;
  readonly context: AudioContext;
}

export const [getApp, setApp] = createContext<AppState>();
