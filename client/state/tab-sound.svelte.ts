import { LevelProbe } from '../media/level-probe.ts';
import { meterLevel } from '../media/levels.ts';
import { captureTab, TabCaptureError } from '../media/tab-capture.ts';
import type { Surface, TabCapture } from '../media/tab-capture.ts';
import type { TabProblem } from '../tab-sound-help.ts';

const METER_MS = 60;

/** The sound of a tab or of the system that is shared, if any is. */
export class TabSound {
  track: MediaStreamTrack | undefined = $state.raw();
  surface: Surface = $state('tab');
  problem: TabProblem | undefined = $state();
  /** The browser's dialog is open. */
  choosing = $state(false);
  /** 0 to 1. */
  level = $state(0);

  readonly #context: AudioContext;
  #probe: LevelProbe | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /** Lets the person choose; what was shared before goes on until something else is. Never rejects. */
  async choose(options: { readonly silence: boolean }): Promise<void> {
    if (this.choosing) return;
    this.choosing = true;
    try {
      this.take(await captureTab(options));
    } catch (error) {
      this.problem = error instanceof TabCaptureError ? error.problem : 'failed';
    } finally {
      this.choosing = false;
    }
  }

  /** Shares this sound from now on, such as that of a screen that is shared. */
  take({ track, surface }: TabCapture): void {
    this.stop();
    this.#adopt(track);
    this.surface = surface;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#probe?.close();
    this.#probe = undefined;
    this.track?.stop();
    this.track = undefined;
    this.problem = undefined;
    this.level = 0;
  }

  #adopt(track: MediaStreamTrack): void {
    this.track = track;
    this.#probe = new LevelProbe(this.#context, new MediaStream([track]));
    this.#timer = setInterval(() => {
      const target = meterLevel(this.#probe?.read() ?? 0);
      this.level = target > this.level ? target : this.level * 0.8 + target * 0.2;
    }, METER_MS);
    // Not told of one's own stop().
    track.addEventListener('ended', () => {
      if (this.track !== track) return;
      this.stop();
      this.problem = 'ended';
    });
  }
}
