import type { CameraProblem } from '../camera-help.ts';
import { cameraProblem, openCamera } from '../media/camera-capture.ts';
import type { DeviceChoice } from '../media/device-changes.ts';
import { deviceChoices } from '../media/device-choices.ts';
import { m } from '../paraglide/messages.js';
import type { Preferences } from './preferences.svelte.ts';

export interface CameraOptions {
  readonly preferences: Preferences;
  /** It could not be turned on, or is gone. */
  readonly onProblem: (problem: CameraProblem) => void;
}

/** The camera of this machine; off until it is turned on, at every call anew. */
export class Camera {
  track: MediaStreamTrack | undefined = $state.raw();
  choices: readonly DeviceChoice[] = $state.raw([]);
  /** Being turned on; perhaps the browser asks for permission. */
  opening = $state(false);

  readonly #options: CameraOptions;
  #attempt = 0;

  constructor(options: CameraOptions) {
    this.#options = options;
  }

  /** Whether its picture is to be shown to oneself as in a mirror: not when it looks away. */
  get mirrored(): boolean {
    return this.track?.getSettings().facingMode !== 'environment';
  }

  /** Resolves when it is on or known not to be. Never rejects. */
  async open(): Promise<void> {
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt;
    this.opening = true;
    try {
      const track = await openCamera(this.#options.preferences.cameraId || undefined);
      if (current()) this.#adopt(track);
      else track.stop();
    } catch (error) {
      if (current()) this.#options.onProblem(cameraProblem(error));
    } finally {
      if (current()) this.opening = false;
    }
    await this.refresh();
  }

  /** Its light goes out. */
  close(): void {
    this.#attempt += 1;
    this.opening = false;
    this.track?.stop();
    this.track = undefined;
  }

  /** Remembered; used at once where the camera is on. */
  async choose(id: string): Promise<void> {
    this.#options.preferences.cameraId = id;
    this.#options.preferences.save();
    if (this.track !== undefined) await this.open();
  }

  /** Looks which cameras there are. */
  async refresh(): Promise<void> {
    if (!('mediaDevices' in navigator)) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.choices = deviceChoices(devices, 'videoinput', m.settings_camera());
  }

  #adopt(track: MediaStreamTrack): void {
    this.track?.stop();
    this.track = track;
    // Not told of one's own stop().
    track.addEventListener('ended', () => {
      if (this.track !== track) return;
      this.close();
      this.#options.onProblem('gone');
    });
  }
}
