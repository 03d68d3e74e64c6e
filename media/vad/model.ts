/** Samples that a model judges at once: 32 ms at 16 kHz. */
export const VAD_WINDOW = 512;

/** Tells speech from everything else. One model serves all streams; each stream has its memory. */
export interface VadModel {
  open(): VadStream;
}

/** One call at a time: a window is judged with what was left by the one before. */
export interface VadStream {
  /**
   * Probability that the window, VAD_WINDOW samples that follow the last ones, is speech. `silent`
   * says that every sample is 0 because the sender said so. Only read until it settles.
   */
  probability(window: Float32Array, silent: boolean): Promise<number>;
  /** Forgets what came before; for windows that do not follow the last ones. */
  reset(): void;
}
