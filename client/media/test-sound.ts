/** Plays two soft notes on an output device, so that a person knows they will hear the meeting. */
export async function playTestSound(context: AudioContext, speakerId: string): Promise<void> {
  await context.resume();
  const destination = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = destination.stream;
  if ('setSinkId' in element) await element.setSinkId(speakerId).catch(() => undefined);
  await element.play();
  const start = context.currentTime + 0.05;
  note(context, destination, { frequency: 523.25, at: start });
  const last = note(context, destination, { frequency: 783.99, at: start + 0.22 });
  await new Promise((resolve) => {
    last.addEventListener('ended', resolve);
  });
  element.srcObject = null;
}

function note(
  context: AudioContext,
  destination: AudioNode,
  { frequency, at }: { readonly frequency: number; readonly at: number },
): OscillatorNode {
  const oscillator = new OscillatorNode(context, { frequency, type: 'sine' });
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setTargetAtTime(0.25, at, 0.01);
  envelope.gain.setTargetAtTime(0, at + 0.12, 0.12);
  oscillator.connect(envelope).connect(destination);
  oscillator.start(at);
  oscillator.stop(at + 0.8);
  return oscillator;
}
