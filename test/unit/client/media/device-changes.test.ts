import { describe, expect, it } from 'vitest';
import { deviceChange } from '../../../../client/media/device-changes.ts';

const desk = { id: 'desk', label: 'Desk speaker' };
const headset = { id: 'headset', label: 'Headset' };

describe('the device somebody chose', () => {
  it('is gone when it is pulled out, and back when it is plugged in again', () => {
    expect(deviceChange('headset', [desk, headset], [desk])).toEqual({
      type: 'gone',
      label: 'Headset',
    });
    expect(deviceChange('headset', [desk], [desk, headset])).toEqual({
      type: 'back',
      label: 'Headset',
    });
  });

  it('is as it was when another one comes or goes', () => {
    expect(deviceChange('desk', [desk, headset], [desk])).toBeUndefined();
    expect(deviceChange('desk', [desk], [desk, headset])).toBeUndefined();
  });

  it('is never missed by whoever uses the default of the system', () => {
    expect(deviceChange('', [desk, headset], [])).toBeUndefined();
  });

  it('is not back when devices are named for the first time', () => {
    expect(deviceChange('headset', [], [desk, headset])).toBeUndefined();
  });
});
