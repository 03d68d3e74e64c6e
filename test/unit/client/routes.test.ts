import { describe, expect, it } from 'vitest';
import { meetingCode, parseRoute, roomPath } from '../../../client/routes.ts';

const code = 'k3fV9xQmZt7aLw2RbY8nDp';

describe('parseRoute', () => {
  it('knows the start page', () => {
    expect(parseRoute('/', '?x=1')).toEqual({ page: 'home' });
  });

  it('reads a bare room link with browser processing on and no wish to join at once', () => {
    expect(parseRoute(`/r/${code}`, '')).toEqual({
      page: 'room',
      roomId: code,
      entry: {
        name: undefined,
        speak: undefined,
        hear: undefined,
        join: false,
        own: false,
        processing: true,
      },
    });
  });

  it('reads everything a link may ask for', () => {
    const route = parseRoute(
      `/r/${code}/`,
      '?name=Ana%20Mar%C3%ADa&speak=en&hear=original&join=1&own=1&processing=off',
    );
    expect(route).toMatchObject({
      entry: {
        name: 'Ana María',
        speak: 'en',
        hear: 'original',
        join: true,
        own: true,
        processing: false,
      },
    });
  });

  it.each(['/r/short', '/r/', '/nothing', `/r/${code}/more`, `/r/${code.slice(0, 21)}!`])(
    'does not take %s for a page',
    (pathname) => {
      expect(parseRoute(pathname, '')).toEqual({ page: 'unknown' });
    },
  );

  it('leads back to the room it gives a path to', () => {
    const roomId = meetingCode(code);
    expect(roomId).toBe(code);
    if (roomId === undefined) return;
    expect(parseRoute(roomPath(roomId), '')).toMatchObject({ page: 'room', roomId });
  });
});

describe('meetingCode', () => {
  it.each([
    code,
    `  ${code}\n`,
    `https://parley.example/r/${code}`,
    `parley.example:8443/r/${code}/`,
    `https://parley.example/r/${code}?name=Ana#top`,
    `Join us: https://parley.example/r/${code} at ten`,
  ])('finds the code in %j', (pasted) => {
    expect(meetingCode(pasted)).toBe(code);
  });

  it.each(['', '   ', 'hello', 'https://parley.example/', `https://parley.example/x/${code}`])(
    'finds none in %j',
    (pasted) => {
      expect(meetingCode(pasted)).toBeUndefined();
    },
  );
});
