import { afterEach, describe, expect, it, vi } from 'vitest';
import { openMicrophone } from '../../../../client/media/capture.ts';

const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: false };

/** A machine with these microphones; opens one and says which. */
function machineWith(...ids: readonly string[]): unknown[] {
  const asked: unknown[] = [];
  const getUserMedia = async ({ audio }: { audio: { deviceId?: { exact: string } } }) => {
    asked.push(audio);
    await Promise.resolve();
    const { deviceId } = audio;
    if (deviceId && !ids.includes(deviceId.exact)) {
      throw new DOMException('no such device', 'OverconstrainedError');
    }
    if (ids.length === 0) throw new DOMException('none', 'NotFoundError');
    return deviceId?.exact ?? 'default';
  };
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a microphone', () => {
  it('is the one that was chosen, and no other', async () => {
    machineWith('desk', 'headset');
    expect(await openMicrophone({ deviceId: 'headset', processing })).toBe('headset');
  });

  it('is another when the chosen one is not there', async () => {
    machineWith('desk');
    expect(await openMicrophone({ deviceId: 'headset', processing })).toBe('default');
  });

  it('is the default of the system when none was chosen', async () => {
    const asked = machineWith('desk');
    expect(await openMicrophone({ deviceId: undefined, processing })).toBe('default');
    expect(asked).toEqual([{ channelCount: 1, ...processing }]);
  });

  it('that was refused is not asked for a second time', async () => {
    const getUserMedia = vi.fn().mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    const asked = openMicrophone({ deviceId: 'headset', processing });
    await expect(asked).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(getUserMedia).toHaveBeenCalledOnce();
  });

  it('cannot be had where there is none, or outside secure pages', async () => {
    machineWith();
    const none = openMicrophone({ deviceId: 'headset', processing });
    await expect(none).rejects.toMatchObject({ name: 'NotFoundError' });
    vi.stubGlobal('navigator', {});
    const insecure = openMicrophone({ deviceId: undefined, processing });
    await expect(insecure).rejects.toMatchObject({ name: 'SecurityError' });
  });
});
