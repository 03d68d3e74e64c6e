import { describe, expect, it } from 'vitest';
import { meetingLink, parseRoute, roomPath } from '../../../client/routes.ts';

const id = 'k3fV9xQmZt7aLw2RbY8nDp';
const key = 'aB3dE6gH9jK2mN5pQ8sT_-';
const link = { roomId: id, key };

describe('parseRoute', () => {
  it('knows the start page', () => {
    expect(parseRoute('/', '?x=1', '')).toEqual({ page: 'home' });
  });

  it('knows the page about Parley', () => {
    expect(parseRoute('/about', '', '')).toEqual({ page: 'about' });
    expect(parseRoute('/about/', '?x=1', '#y')).toEqual({ page: 'about' });
    expect(parseRoute('/aboutx', '', '')).toEqual({ page: 'unknown' });
  });

  it('knows the page to translate for oneself, and the one about its ways', () => {
    expect(parseRoute('/solo', '', '')).toEqual({ page: 'solo' });
    expect(parseRoute('/solo/', '?x=1', '')).toEqual({ page: 'solo' });
    expect(parseRoute('/solo/routing', '', '')).toEqual({ page: 'routing' });
    expect(parseRoute('/solo/else', '', '')).toEqual({ page: 'unknown' });
  });

  it('reads a bare link with browser processing on and no wish to join at once', () => {
    expect(parseRoute(`/r/${id}`, '', `#k=${key}`)).toEqual({
      page: 'room',
      link,
      entry: {
        name: undefined,
        speak: undefined,
        hear: undefined,
        join: false,
        own: false,
        processing: true,
        relayOnly: false,
      },
    });
  });

  it.each([
    ['behind the question mark', '?', '#k='],
    ['behind the key, after &', '', '#k='],
    ['behind the key, after ?', '', '#k='],
  ])('reads everything a link may ask for, %s', (where, search, hash) => {
    const asked =
      'name=Ana%20Mar%C3%ADa&speak=en&hear=original&join=1&own=1&processing=off&via=relay';
    const route =
      search === '?'
        ? parseRoute(`/r/${id}/`, `?${asked}`, hash + key)
        : parseRoute(`/r/${id}/`, '', `${hash}${key}${where.at(-1) ?? ''}${asked}`);
    expect(route).toMatchObject({
      link,
      entry: {
        name: 'Ana María',
        speak: 'en',
        hear: 'original',
        join: true,
        own: true,
        processing: false,
        relayOnly: true,
      },
    });
  });

  it.each(['/r/short', '/r/', '/nothing', `/r/${id}/more`, `/r/${id.slice(0, 21)}!`])(
    'does not take %s for a page',
    (pathname) => {
      expect(parseRoute(pathname, '', `#k=${key}`)).toEqual({ page: 'unknown' });
    },
  );

  it.each(['', '#', '#k=', '#k=short', `#${key}`, `#key=${key}`])(
    'says that a link with %j in place of the key is incomplete',
    (hash) => {
      expect(parseRoute(`/r/${id}`, '', hash)).toEqual({ page: 'incomplete' });
    },
  );
});

describe('meetingLink', () => {
  it.each([
    `${id}#k=${key}`,
    `  ${id}#k=${key}\n`,
    `https://parley.example/r/${id}#k=${key}`,
    `parley.example:8443/r/${id}/#k=${key}`,
    `https://parley.example/r/${id}?name=Ana#k=${key}&join=1`,
    `Join us: https://parley.example/r/${id}#k=${key} at ten`,
  ])('finds the meeting in %j, and its path leads there', (pasted) => {
    const found = meetingLink(pasted);
    expect(found).toEqual(link);
    if (found === undefined || found === 'incomplete') return;
    const [path = '', hash = ''] = roomPath(found).split('#');
    expect(parseRoute(path, '', `#${hash}`)).toMatchObject({ page: 'room', link });
  });

  it.each([id, `https://parley.example/r/${id}`, `https://parley.example/r/${id}#k=cut-o`])(
    'tells that %j is not the whole link',
    (pasted) => {
      expect(meetingLink(pasted)).toBe('incomplete');
    },
  );

  it.each([
    '',
    '   ',
    'hello',
    'https://parley.example/',
    `https://parley.example/x/${id}#k=${key}`,
  ])('finds none in %j', (pasted) => {
    expect(meetingLink(pasted)).toBeUndefined();
  });
});
