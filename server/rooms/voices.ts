import type { VoiceChoice, VoiceKind } from '../../media/messages.ts';
import type { VoicePreference } from '../protocol/ids.ts';

/** Voices of each kind: so many every engine has. */
const VARIANTS = [0, 1, 2, 3, 4];

const SUITING: Readonly<Record<VoicePreference, readonly VoiceKind[]>> = {
  automatic: ['female', 'male'],
  higher: ['female'],
  lower: ['male'],
};

/** Whether someone with this wish may keep the voice they have. */
export function suits({ kind }: VoiceChoice, preference: VoicePreference): boolean {
  return SUITING[preference].includes(kind);
}

/**
 * The voice of someone among others who have theirs: of a kind that suits, nobody else's while there
 * are enough, and where either kind will do of the one that fewer have, so that people who speak in
 * turn sound different.
 */
export function chooseVoice(
  preference: VoicePreference,
  taken: readonly VoiceChoice[],
): VoiceChoice {
  const ofKind = (kind: VoiceKind): number => taken.filter((voice) => voice.kind === kind).length;
  const uses = ({ kind, variant }: VoiceChoice): number =>
    taken.filter((voice) => voice.kind === kind && voice.variant === variant).length;
  const voices = SUITING[preference].flatMap((kind) =>
    VARIANTS.map((variant): VoiceChoice => ({ kind, variant })),
  );
  return voices.reduce((best, voice) => {
    const difference = uses(voice) - uses(best) || ofKind(voice.kind) - ofKind(best.kind);
    return difference < 0 ? voice : best;
  });
}
