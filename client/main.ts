import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { Devices } from './state/devices.svelte.ts';
import { Engine } from './state/engine.svelte.ts';
import { Meeting } from './state/meeting.svelte.ts';
import { Preferences } from './state/preferences.svelte.ts';
import { Router } from './state/router.svelte.ts';

const context = new AudioContext();
// Browsers hold sound back until the first tap or key.
for (const gesture of ['pointerdown', 'keydown']) {
  window.addEventListener(gesture, () => void context.resume(), { once: true });
}

const container = document.createElement('div');
container.hidden = true;
container.dataset['part'] = 'playout';
document.body.append(container);

const preferences = new Preferences();
const devices = new Devices({ preferences, context });
const engine = new Engine();
const meeting = new Meeting({ devices, engine, context, container });
const app = { router: new Router(), preferences, devices, engine, meeting, context };

const target = document.getElementById('app');
if (target !== null) mount(App, { target, props: { app } });
