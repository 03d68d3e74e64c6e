import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { browserOf, systemOf } from './browser.ts';
import { cameraHelp, screenHelp } from './camera-help.ts';
import { InterfaceLanguage } from './interface-language.svelte.ts';
import { Camera } from './state/camera.svelte.ts';
import { Devices } from './state/devices.svelte.ts';
import { Engine } from './state/engine.svelte.ts';
import { Meeting } from './state/meeting.svelte.ts';
import { Panel } from './state/panel.svelte.ts';
import { Pictures } from './state/pictures.svelte.ts';
import { Preferences } from './state/preferences.svelte.ts';
import { Router } from './state/router.svelte.ts';
import { ScreenShare } from './state/screen-share.svelte.ts';
import { TabSound } from './state/tab-sound.svelte.ts';

const context = new AudioContext();
// Browsers hold sound back until the first tap or key.
for (const gesture of ['pointerdown', 'keydown']) {
  window.addEventListener(gesture, () => void context.resume(), { once: true });
}

const container = document.createElement('div');
container.hidden = true;
container.dataset['part'] = 'playout';
document.body.append(container);

const language = new InterfaceLanguage();
const preferences = new Preferences();
const devices = new Devices({
  ...{ preferences, context },
  onChanged: (words) => {
    meeting.notice = words;
  },
});
const engine = new Engine();
const { sound } = preferences;
const tab = new TabSound(context);
const camera = new Camera({
  preferences,
  onProblem: (problem) => {
    const { userAgent } = navigator;
    meeting.notice = cameraHelp(problem, browserOf(userAgent), systemOf(userAgent));
  },
});
const screen = new ScreenShare({
  tab,
  onProblem: (problem) => {
    meeting.notice = screenHelp(problem);
  },
});
const pictures = new Pictures({
  ...{ camera, screen },
  requests: {
    pause: (consumerId) => meeting.request('pauseConsumer', { consumerId }),
    resume: (consumerId) => meeting.request('resumeConsumer', { consumerId }),
    prefer: (consumerId, spatial) => meeting.request('consumerLayers', { consumerId, spatial }),
  },
  media: () => meeting.media,
  nameOf: (peerId) => meeting.people.others.find((peer) => peer.peerId === peerId)?.displayName,
  notice: (words) => {
    meeting.notice = words;
  },
});
const meeting: Meeting = new Meeting({ devices, tab, pictures, engine, sound, context, container });
const router = new Router();
const panel = new Panel();
const parts = { devices, tab, pictures, engine, meeting, panel, context };
const app = { router, language, preferences, ...parts };

await language.begin();
const target = document.getElementById('app');
if (target !== null) mount(App, { target, props: { app } });
