import { beforeEach, describe, expect, it } from 'vitest';
import { TranslationStatus } from '../../../../media/interpret/translation-status.ts';

let states: string[];
let status: TranslationStatus;

beforeEach(() => {
  states = [];
  status = new TranslationStatus('ann', 'es', (message) => {
    if (message.type !== 'translation-state') return;
    states.push(message.lagMs === undefined ? message.state : `${message.state} ${message.lagMs}`);
  });
});

describe('TranslationStatus', () => {
  it('goes from interpreting over speaking to idle', () => {
    status.began();
    status.speaking(700);
    status.settled('done');
    status.ended();
    expect(states).toEqual(['interpreting', 'speaking 700', 'idle 700']);
  });

  it('is interpreting again when the next utterance is still open as the voice ends', () => {
    status.began();
    status.began();
    status.speaking(700);
    status.settled('done');
    status.ended();
    status.settled('done');
    expect(states).toEqual(['interpreting', 'speaking 700', 'interpreting 700', 'idle 700']);
  });

  it('tells the lag of each utterance, even while speaking', () => {
    status.began();
    status.began();
    status.speaking(700);
    status.speaking(900);
    expect(states).toEqual(['interpreting', 'speaking 700', 'speaking 900']);
  });

  it.each(['failed', 'voiceless'] as const)('shows "%s" until the next success', (lost) => {
    status.began();
    status.settled(lost);
    status.began();
    status.settled('done');
    expect(states).toEqual(['interpreting', lost, 'interpreting', 'idle']);
  });

  it('is voiceless when the voice was lost in the middle', () => {
    status.began();
    status.speaking(700);
    status.settled('done');
    status.ended('voiceless');
    expect(states).toEqual(['interpreting', 'speaking 700', 'voiceless 700']);
  });
});
