import type { RoomId, RoomKey } from '../server/protocol/ids.ts';

/** What a link may ask for; see `parseRoute`. Values are as written, not yet checked. */
export interface Entry {
  readonly name: string | undefined;
  readonly speak: string | undefined;
  readonly hear: string | undefined;
  /** Enter without a click. */
  readonly join: boolean;
  /** Hear one's own words translated. */
  readonly own: boolean;
  /** Echo cancellation, noise suppression and gain control of the browser. */
  readonly processing: boolean;
  /** Send and receive through a relay only, to try it out. */
  readonly relayOnly: boolean;
}

/** A meeting and the key that opens it. */
export interface RoomLink {
  readonly roomId: RoomId;
  readonly key: RoomKey;
}

export type Route =
  | { readonly page: 'home' | 'about' | 'solo' | 'routing' }
  | { readonly page: 'room'; readonly link: RoomLink; readonly entry: Entry }
  /** The address of a meeting without its key. */
  | { readonly page: 'incomplete' }
  | { readonly page: 'unknown' };

const isId = (text: string): text is RoomId => /^[A-Za-z0-9_-]{22,64}$/.test(text);
const isKey = (text: string): text is RoomKey => /^[A-Za-z0-9_-]{22}$/.test(text);

/**
 * The page behind an address: `/`, `/about`, `/solo`, or `/r/<id>#k=<key>`. What is behind the `#` never reaches the
 * server's logs. `name`, `speak`, `hear`, `join=1`, `own=1`, `processing=off` and `via=relay` may
 * stand behind the `?` or, after the key, behind `&` or `?`.
 */
export function parseRoute(pathname: string, search: string, hash: string): Route {
  if (pathname === '/' || pathname === '') return { page: 'home' };
  if (/^\/about\/?$/.test(pathname)) return { page: 'about' };
  if (/^\/solo\/?$/.test(pathname)) return { page: 'solo' };
  if (/^\/solo\/routing\/?$/.test(pathname)) return { page: 'routing' };
  const roomId = /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (roomId === undefined || !isId(roomId)) return { page: 'unknown' };
  const fragment = new URLSearchParams(hash.replace(/^#/, '').replaceAll('?', '&'));
  const query = new URLSearchParams(search);
  const given = (name: string): string | undefined =>
    fragment.get(name) ?? query.get(name) ?? undefined;
  const key = fragment.get('k') ?? '';
  if (!isKey(key)) return { page: 'incomplete' };
  return {
    page: 'room',
    link: { roomId, key },
    entry: {
      name: given('name'),
      speak: given('speak'),
      hear: given('hear'),
      join: given('join') === '1',
      own: given('own') === '1',
      processing: given('processing') !== 'off',
      relayOnly: given('via') === 'relay',
    },
  };
}

/** The meeting in what someone pasted: a whole link, a link without its scheme, or `<id>#k=<key>`. */
export function meetingLink(text: string): RoomLink | 'incomplete' | undefined {
  const [address = '', hash = ''] = text.trim().split('#');
  const roomId = /\/r\/([^/?#\s]+)/.exec(address)?.[1] ?? address;
  const key = /^k=([^&?\s]+)/.exec(hash)?.[1] ?? '';
  if (!isId(roomId)) return undefined;
  return isKey(key) ? { roomId, key } : 'incomplete';
}

export function roomPath({ roomId, key }: RoomLink): string {
  return `/r/${roomId}#k=${key}`;
}
