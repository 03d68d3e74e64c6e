import { captureScreen } from '../media/screen-capture.ts';
import { TabCaptureError } from '../media/tab-capture.ts';
import type { TabProblem } from '../tab-sound-help.ts';
import type { TabSound } from './tab-sound.svelte.ts';

export interface ScreenShareOptions {
  /** Where the sound of what is shared goes. */
  readonly tab: TabSound;
  readonly onProblem: (problem: TabProblem) => void;
}

/** The screen, window or tab that this page shows to the others, if any. */
export class ScreenShare {
  track: MediaStreamTrack | undefined = $state.raw();
  /** The browser's dialog is open. */
  choosing = $state(false);

  readonly #options: ScreenShareOptions;
  /** That came with the picture, and goes with it. */
  #sound: MediaStreamTrack | undefined;

  constructor(options: ScreenShareOptions) {
    this.#options = options;
  }

  /** Lets the person choose; what was shared before goes on until something else is. Never rejects. */
  async choose(): Promise<void> {
    if (this.choosing) return;
    this.choosing = true;
    try {
      const { track, sound } = await captureScreen();
      this.stop();
      this.#adopt(track);
      this.#sound = sound?.track;
      if (sound) this.#options.tab.take(sound);
    } catch (error) {
      const problem = error instanceof TabCaptureError ? error.problem : 'failed';
      if (problem !== undefined) this.#options.onProblem(problem);
    } finally {
      this.choosing = false;
    }
  }

  stop(): void {
    const { tab } = this.#options;
    if (this.#sound !== undefined && (tab.track === this.#sound || tab.problem === 'ended')) {
      tab.stop();
    }
    this.#sound = undefined;
    this.track?.stop();
    this.track = undefined;
  }

  #adopt(track: MediaStreamTrack): void {
    this.track = track;
    // By the browser's own bar, or because the window was closed.
    track.addEventListener('ended', () => {
      if (this.track === track) this.stop();
    });
  }
}
