import type { RoomId } from '../server/protocol/ids.ts';

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
}

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'room'; readonly roomId: RoomId; readonly entry: Entry }
  | { readonly page: 'unknown' };

const code = /^[A-Za-z0-9_-]{22,64}$/;

export function isRoomId(text: string): text is RoomId {
  return code.test(text);
}

/** The page behind an address: `/`, or `/r/<id>?name=&speak=&hear=&join=1&own=1&processing=off`. */
export function parseRoute(pathname: string, search: string): Route {
  if (pathname === '/' || pathname === '') return { page: 'home' };
  const id = /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (id === undefined || !isRoomId(id)) return { page: 'unknown' };
  const query = new URLSearchParams(search);
  return {
    page: 'room',
    roomId: id,
    entry: {
      name: query.get('name') ?? undefined,
      speak: query.get('speak') ?? undefined,
      hear: query.get('hear') ?? undefined,
      join: query.get('join') === '1',
      own: query.get('own') === '1',
      processing: query.get('processing') !== 'off',
    },
  };
}

/** The code in what someone pasted: a whole link, a link without its scheme, or the code alone. */
export function meetingCode(text: string): RoomId | undefined {
  const trimmed = text.trim();
  const candidate = /\/r\/([^/?#\s]+)/.exec(trimmed)?.[1] ?? trimmed;
  return isRoomId(candidate) ? candidate : undefined;
}

export function roomPath(roomId: RoomId): string {
  return `/r/${roomId}`;
}
