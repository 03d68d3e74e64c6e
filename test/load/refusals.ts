import type { Counts } from './crew/messages.ts';

/** Settings that decide about a refusal, by where and why. */
const SETTINGS: Readonly<Record<string, string>> = {
  'rooms: rateLimited': 'PARLEY_LIMITS_ROOMS_PER_ADDRESS',
  'rooms: serverFull': 'PARLEY_ROOMS_MAX_ROOMS',
  'door: rateLimited': 'PARLEY_LIMITS_JOINS_PER_ADDRESS',
  'connect: rateLimited': 'PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS',
  'join: roomFull': 'PARLEY_ROOMS_MAX_PEERS',
  'join: serverFull': 'PARLEY_ROOMS_MAX_PEERS_IN_ALL',
  'join: mediaFull': 'PARLEY_MEDIA_MAX_STREAMS or PARLEY_MEDIA_PROCESSES',
  'createWebRtcTransport: serverFull': 'PARLEY_RTC_MAX_CONSUMERS_PER_WORKER',
};
const ANY_REQUEST = 'PARLEY_LIMITS_REQUESTS_PER_ADDRESS';

/** What to set on a server that is to take so much from one address. */
export function hints(refusals: Counts): readonly string[] {
  return Object.entries(refusals).map(([reason, count]) => {
    const setting =
      SETTINGS[reason] ?? (reason.endsWith(': rateLimited') ? ANY_REQUEST : undefined);
    const more = setting === undefined ? '' : ` (${setting} decides)`;
    return `Refused ${count} times at ${reason}${more}`;
  });
}
