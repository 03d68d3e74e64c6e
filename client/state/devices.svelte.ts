import { deviceChange } from '../media/device-changes.ts';
import type { DeviceChoice } from '../media/device-changes.ts';
import { deviceChoices } from '../media/device-choices.ts';
import { LevelProbe } from '../media/level-probe.ts';
import { meterLevel } from '../media/levels.ts';
import { SilenceWatch } from '../media/silence-watch.ts';
import { microphoneProblem, openMicrophone } from '../media/capture.ts';
import type { Processing } from '../media/capture.ts';
import type { MicrophoneProblem } from '../microphone-help.ts';
import { m } from '../paraglide/messages.js';
import type { Preferences } from './preferences.svelte.ts';

const METER_MS = 60;
const UNPROCESSED: Processing = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

export interface DevicesOptions {
  readonly preferences: Preferences;
  readonly context: AudioContext;
  /** Another device is in use than was chosen, or the chosen one again: what to say about it. */
  readonly onChanged: (words: string) => void;
}

/** Microphones and speakers of this machine, the open microphone and its level. */
export class Devices {
  microphones: readonly DeviceChoice[] = $state.raw([]);
  speakers: readonly DeviceChoice[] = $state.raw([]);
  track: MediaStreamTrack | undefined = $state.raw();
  problem: MicrophoneProblem | undefined = $state();
  /** 0 to 1. */
  level = $state(0);
  /** Whether anything was ever heard, and whether the microphone seems to be dead. */
  heard = $state(false);
  silent = $state(false);
  opening = $state(false);
  /** What is done to the sound of the microphone. */
  processing: Processing = $state.raw(UNPROCESSED);
  /** The speaker that is used: the chosen one while it is there, else '', the system's default. */
  readonly speakerId: string = $derived.by(() => {
    const { speakerId } = this.#options.preferences;
    const known = this.speakers.length === 0 || this.speakers.some(({ id }) => id === speakerId);
    return known ? speakerId : '';
  });

  readonly #options: DevicesOptions;
  #stream: MediaStream | undefined;
  #probe: LevelProbe | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silence = new SilenceWatch();
  #attempt = 0;

  constructor(options: DevicesOptions) {
    this.#options = options;
    this.processing = options.preferences.sound.processing;
    if ('mediaDevices' in navigator) {
      navigator.mediaDevices.addEventListener('devicechange', () => {
        void this.#devicesChanged();
      });
    }
    void this.#watchPermission();
  }

  /** Opens the preferred microphone; resolves when it is open or known not to be. Never rejects. */
  async open(): Promise<void> {
    const attempt = ++this.#attempt;
    this.opening = true;
    try {
      const deviceId = this.#options.preferences.microphoneId || undefined;
      const stream = await openMicrophone({ deviceId, processing: this.processing });
      if (attempt !== this.#attempt) {
        stream.getTracks().forEach((track) => {
          track.stop();
        });
        return;
      }
      this.#release();
      this.#adopt(stream);
      // A page that records may play: this needs no tap now.
      void this.#options.context.resume();
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#release();
      this.problem = microphoneProblem(error);
    } finally {
      if (attempt === this.#attempt) this.opening = false;
    }
    await this.#refresh();
  }

  async chooseMicrophone(id: string): Promise<void> {
    this.#options.preferences.microphoneId = id;
    this.#options.preferences.save();
    await this.open();
  }

  chooseSpeaker(id: string): void {
    this.#options.preferences.speakerId = id;
    this.#options.preferences.save();
  }

  /** What is done to the sound from the next opening on: what was chosen, or for once nothing. */
  prepare({ processing }: { readonly processing: boolean }): void {
    this.processing = processing ? this.#options.preferences.sound.processing : UNPROCESSED;
  }

  /** Takes effect at once: browsers do not reliably change it on an open microphone. */
  async process(change: Partial<Processing>): Promise<void> {
    this.processing = { ...this.processing, ...change };
    this.#options.preferences.sound.change(this.processing);
    if (this.track !== undefined) await this.open();
  }

  /** The microphone is let go: its light goes out. */
  close(): void {
    this.#attempt += 1;
    this.#release();
    this.problem = undefined;
  }

  #adopt(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0];
    this.#stream = stream;
    this.track = track;
    this.problem = undefined;
    this.heard = false;
    this.silent = false;
    this.#silence = new SilenceWatch();
    this.#probe = new LevelProbe(this.#options.context, stream);
    this.#timer = setInterval(() => {
      this.#measure(performance.now());
    }, METER_MS);
    track?.addEventListener('ended', () => {
      if (this.track === track) void this.#replace(track.label);
    });
  }

  /** Allowed after all: it is used at once. */
  async #watchPermission(): Promise<void> {
    if (!('permissions' in navigator)) return;
    // Some browsers do not tell about microphones.
    const asked = navigator.permissions.query({ name: 'microphone' });
    const permission = await asked.catch(() => undefined);
    permission?.addEventListener('change', () => {
      if (permission.state === 'granted' && this.problem === 'refused') void this.open();
    });
  }

  /** Unplugged or taken away: another one may do. */
  async #replace(gone: string): Promise<void> {
    await this.open();
    if (this.track === undefined) return;
    this.#options.onChanged(m.call_microphone_replaced({ gone, used: this.track.label }));
  }

  async #devicesChanged(): Promise<void> {
    const { preferences, onChanged } = this.#options;
    const before = { microphones: this.microphones, speakers: this.speakers };
    await this.#refresh();
    const { microphoneId, speakerId } = preferences;
    const speaker = deviceChange(speakerId, before.speakers, this.speakers);
    if (speaker?.type === 'gone') {
      onChanged(m.call_speaker_gone({ gone: speaker.label }));
    } else if (speaker?.type === 'back') {
      onChanged(m.call_speaker_back({ used: speaker.label }));
    }
    const microphone = deviceChange(microphoneId, before.microphones, this.microphones);
    // One that has gone ends its track, and is replaced then.
    if (microphone?.type !== 'back' || this.track === undefined) return;
    await this.open();
    onChanged(m.call_microphone_back({ used: microphone.label }));
  }

  #measure(now: number): void {
    const value = this.#probe?.read() ?? 0;
    const target = meterLevel(value);
    this.level = target > this.level ? target : this.level * 0.8 + target * 0.2;
    const listening = this.#options.context.state === 'running' && this.track?.enabled === true;
    const muted = this.track?.muted === true;
    this.silent = this.#silence.push({ value, muted, listening }, now);
    this.heard = this.#silence.heard;
  }

  #release(): void {
    clearInterval(this.#timer);
    this.#probe?.close();
    this.#probe = undefined;
    this.#stream?.getTracks().forEach((track) => {
      track.stop();
    });
    this.#stream = undefined;
    this.track = undefined;
    this.level = 0;
    this.heard = false;
    this.silent = false;
  }

  async #refresh(): Promise<void> {
    if (!('mediaDevices' in navigator)) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.microphones = deviceChoices(devices, 'audioinput', m.settings_microphone());
    this.speakers = deviceChoices(devices, 'audiooutput', m.settings_speaker());
    if (this.problem === 'absent' && this.microphones.length > 0) await this.open();
  }
}
