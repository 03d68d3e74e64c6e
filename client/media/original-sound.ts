/** Whether the browser keeps what is captured from being heard on this machine meanwhile. */
export function isSilencedHere(track: MediaStreamTrack): boolean {
  const settings = track.getSettings();
  return 'suppressLocalAudioPlayback' in settings && settings.suppressLocalAudioPlayback === true;
}

/**
 * Whether this browser leaves what the page itself plays out of the sound of the whole system; where
 * it does not, a translation would be translated again.
 */
export function leavesOwnSoundOut(): boolean {
  return 'restrictOwnAudio' in navigator.mediaDevices.getSupportedConstraints();
}

/** Whether the browser can play on another output than the system's. */
export function canChooseOutput(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/** Plays a captured sound here, on this output; '' is the system's default. */
export function playHere(
  element: HTMLAudioElement,
  track: MediaStreamTrack,
  outputId: string,
): () => void {
  element.srcObject = new MediaStream([track]);
  // A device that has just gone leaves it on the default output.
  if (canChooseOutput()) void element.setSinkId(outputId).catch(() => undefined);
  void element.play().catch(() => undefined);
  return () => {
    element.pause();
    element.srcObject = null;
  };
}
