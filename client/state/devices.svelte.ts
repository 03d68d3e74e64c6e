import { LevelProbe } from '../media/level-probe.ts';
import { HEARD, meterLevel } from '../media/levels.ts';
import { microphoneProblem, openMicrophone } from '../media/capture.ts';
import type { MicrophoneProblem } from '../microphone-help.ts';
import type { Preferences } from './preferences.svelte.ts';

const METER_MS = 60;
const SILENT_AFTER_MS = 6_000;

export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

export interface DevicesOptions {
  readonly preferences: Preferences;
  readonly context: AudioContext;
}

/** Microphones and speakers of this machine, the open microphone and its level. */
export class Devices {
  microphones: readonly DeviceChoice[] = $state.raw([]);
  speakers: readonly DeviceChoice[] = $state.raw([]);
  track: MediaStreamTrack | undefined = $state.raw();
  problem: MicrophoneProblem | undefined = $state();
  /** 0 to 1. */
  level = $state(0);
  /** Whether anything was ever heard, and whether it has been silent for long. */
  heard = $state(false);
  silent = $state(false);
  opening = $state(false);

  readonly #options: DevicesOptions;
  #stream: MediaStream | undefined;
  #probe: LevelProbe | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #quietSince = 0;
  #attempt = 0;
  #processing = true;

  constructor(options: DevicesOptions) {
    this.#options = options;
    if ('mediaDevices' in navigator) {
      navigator.mediaDevices.addEventListener('devicechange', () => {
        void this.#refresh();
      });
    }
  }

  /** Opens the preferred microphone; resolves when it is open or known not to be. Never rejects. */
  async open(processing = this.#processing): Promise<void> {
    this.#processing = processing;
    const attempt = ++this.#attempt;
    this.opening = true;
    try {
      const deviceId = this.#options.preferences.microphoneId || undefined;
      const stream = await openMicrophone({ deviceId, processing });
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
    this.#quietSince = performance.now();
    this.#probe = new LevelProbe(this.#options.context, stream);
    this.#timer = setInterval(() => {
      this.#measure(performance.now());
    }, METER_MS);
    track?.addEventListener('ended', () => {
      // Unplugged or taken away: another one may do.
      if (this.track === track) void this.open();
    });
  }

  #measure(now: number): void {
    const value = this.#probe?.read() ?? 0;
    const target = meterLevel(value);
    this.level = target > this.level ? target : this.level * 0.8 + target * 0.2;
    if (value > HEARD) {
      this.heard = true;
      this.#quietSince = now;
    }
    const listening = this.#options.context.state === 'running' && this.track?.enabled === true;
    if (!listening) this.#quietSince = now;
    this.silent = !this.heard && now - this.#quietSince > SILENT_AFTER_MS;
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
    this.microphones = choices(devices, 'audioinput', 'Microphone');
    this.speakers = choices(devices, 'audiooutput', 'Speaker');
    if (this.problem === 'absent' && this.microphones.length > 0) await this.open();
  }
}

/** Devices of one kind; those without an id are not known until permission is given. */
function choices(
  devices: readonly MediaDeviceInfo[],
  kind: MediaDeviceKind,
  name: string,
): readonly DeviceChoice[] {
  return devices
    .filter((device) => device.kind === kind && !['', 'default'].includes(device.deviceId))
    .map((device, index) => ({
      id: device.deviceId,
      label: device.label || `${name} ${index + 1}`,
    }));
}
