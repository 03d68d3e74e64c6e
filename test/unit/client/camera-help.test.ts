import { describe, expect, test } from 'vitest';
import { cameraHelp, screenHelp } from '../../../client/camera-help.ts';
import { cameraProblem } from '../../../client/media/camera-capture.ts';

describe('a camera that is not there', () => {
  test('each refusal of the browser has its reason', () => {
    const reason = (name: string) => cameraProblem(new DOMException('', name));
    expect(reason('NotAllowedError')).toBe('refused');
    expect(reason('NotFoundError')).toBe('absent');
    expect(reason('OverconstrainedError')).toBe('absent');
    expect(reason('NotReadableError')).toBe('busy');
    expect(reason('SecurityError')).toBe('insecure');
  });

  test('a refusal is told with how to take it back, and speaks of the camera alone', () => {
    for (const browser of ['chromium', 'firefox', 'safari', 'other'] as const) {
      for (const system of ['windows', 'phone'] as const) {
        const words = cameraHelp('refused', browser, system);
        expect(words).toMatch(/^The browser does not let Parley use the camera\. \S/);
        expect(words).not.toContain('microphone');
      }
    }
  });

  test('one that is pulled out leaves the sound', () => {
    expect(cameraHelp('gone', 'chromium', 'linux')).toContain('they still hear you');
  });
});

test('a screen that the system keeps back is told with what to allow', () => {
  expect(screenHelp('refusedBySystem')).toContain('privacy settings');
  expect(screenHelp('failed')).toContain('Choose it again');
});
