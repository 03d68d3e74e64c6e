import { describe, expect, test } from 'vitest';
import { deviceChoices } from '../../../../client/media/device-choices.ts';

const microphone = (deviceId: string, label: string) => ({
  kind: 'audioinput' as const,
  deviceId,
  label,
});

describe('the devices offered in a list', () => {
  test('are those of one kind that have an id', () => {
    const devices = [
      microphone('default', 'Default'),
      microphone('', ''),
      microphone('a', 'Headset'),
      { kind: 'audiooutput' as const, deviceId: 'b', label: 'Loudspeaker' },
    ];
    expect(deviceChoices(devices, 'audioinput', 'Microphone')).toEqual([
      { id: 'a', label: 'Headset' },
    ]);
  });

  test('have a number where the browser tells no name', () => {
    const devices = [microphone('a', ''), microphone('b', '')];
    expect(deviceChoices(devices, 'audioinput', 'Microphone')).toEqual([
      { id: 'a', label: 'Microphone 1' },
      { id: 'b', label: 'Microphone 2' },
    ]);
  });

  test('are there once when two of the same make share an id, as in Firefox', () => {
    const devices = [microphone('a', 'Headset'), microphone('a', 'Headset')];
    expect(deviceChoices(devices, 'audioinput', 'Microphone')).toEqual([
      { id: 'a', label: 'Headset' },
    ]);
  });
});
