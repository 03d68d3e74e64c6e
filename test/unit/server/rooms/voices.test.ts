import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VoiceChoice } from '../../../../media/messages.ts';
import { VoicePreference } from '../../../../server/protocol/ids.ts';
import { chooseVoice, suits } from '../../../../server/rooms/voices.ts';
import { settled, RoomStage } from '../../../support/room-stage.ts';

const named = ({ kind, variant }: VoiceChoice): string => `${kind}-${variant}`;

/** The voices of people who come one after another. */
function arrivals(preferences: readonly VoicePreference[]): readonly string[] {
  const taken: VoiceChoice[] = [];
  for (const preference of preferences) taken.push(chooseVoice(preference, taken));
  return taken.map(named);
}

describe('voices', () => {
  it('of people who want none in particular are high and low by turns', () => {
    expect(arrivals(Array.from({ length: 5 }, () => 'automatic'))).toEqual([
      ...['female-0', 'male-0', 'female-1', 'male-1', 'female-2'],
    ]);
  });

  it('are of the kind that is wanted', () => {
    expect(arrivals(['lower', 'lower', 'higher', 'lower', 'automatic'])).toEqual([
      ...['male-0', 'male-1', 'female-0', 'male-2', 'female-1'],
    ]);
  });

  it('are nobody else’s while there are enough, and of the wanted kind even when there are not', () => {
    const preference = fc.constantFrom(...VoicePreference.options);
    fc.assert(
      fc.property(fc.array(preference, { maxLength: 16 }), (preferences) => {
        const taken: VoiceChoice[] = [];
        for (const wanted of preferences) {
          const voice = chooseVoice(wanted, taken);
          expect(suits(voice, wanted)).toBe(true);
          const rivals = taken.filter((other) => suits(other, wanted));
          const enough = wanted === 'automatic' ? 10 : 5;
          const free = new Set(rivals.map(named)).size < enough;
          if (free) expect(taken.map(named)).not.toContain(named(voice));
          taken.push(voice);
        }
      }),
    );
  });

  it('are shared evenly by more people than there are voices', () => {
    const counts = new Map<string, number>();
    for (const voice of arrivals(Array.from({ length: 16 }, () => 'automatic'))) {
      counts.set(voice, (counts.get(voice) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(Math.max(...counts.values())).toBe(2);
  });
});

describe('the voice of someone in a meeting', () => {
  const heard = (stage: RoomStage) =>
    [...stage.media.speakers.values()].map(({ voice }) => named(voice));

  it('is another than those of the others, and stays when others go', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ hear: 'es' });
    await stage.speaker({ hear: 'es' });
    await stage.speaker({ hear: 'es' });
    await settled();
    expect(heard(stage)).toEqual(['female-0', 'male-0', 'female-1']);
    ann.participation.leave();
    await settled();
    expect(heard(stage)).toEqual(['male-0', 'female-1']);
  });

  it('is of the kind they asked for', async () => {
    const stage = new RoomStage();
    await stage.speaker({ hear: 'es', voice: 'lower' });
    await stage.speaker({ hear: 'es', voice: 'lower' });
    await settled();
    expect(heard(stage)).toEqual(['male-0', 'male-1']);
  });

  it('changes while they speak when they want another, and stays when it is one already', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ hear: 'es' });
    await stage.speaker({ hear: 'es' });
    ann.participation.setLanguages({ voice: 'higher' });
    await settled();
    expect(heard(stage)).toEqual(['female-0', 'male-0']);
    ann.participation.setLanguages({ voice: 'lower' });
    await settled();
    expect(heard(stage)).toEqual(['male-1', 'male-0']);
    ann.participation.setLanguages({ voice: 'automatic' });
    await settled();
    expect(heard(stage)).toEqual(['male-1', 'male-0']);
    expect(stage.media.commands.filter(({ type }) => type === 'set-voice')).toHaveLength(1);
  });

  it('is the same when they come back', async () => {
    const stage = new RoomStage();
    await stage.speaker({ as: 'ann', hear: 'es', voice: 'lower' });
    await stage.speaker({ hear: 'es' });
    await settled();
    stage.join({ as: 'ann', hear: 'es', voice: 'lower' });
    await settled();
    expect(heard(stage)).toEqual(['male-0', 'female-0']);
  });
});
