import type { Entrance, RoomCreated, ServerInfo } from '../server/protocol/api.ts';
import type { WireError } from '../server/protocol/errors.ts';
import type { RoomKey } from '../server/protocol/ids.ts';
import { CallError } from './messages.ts';
import type { RoomLink } from './routes.ts';

/** How long a server may take to answer. */
const PATIENCE_MS = 10_000;

/** Makes a meeting. Rejects with a CallError. */
export async function createRoom(): Promise<RoomLink> {
  const { roomId, hostKey } = await fetchJson<RoomCreated>('/api/rooms', { method: 'POST' });
  return { roomId, key: hostKey };
}

/**
 * Knocks at a meeting's door. `server`: the address of the one that is asked; left out, that of this
 * page. Rejects with a CallError: `roomNotFound`, `unreachable`.
 */
export function knock(
  { roomId, key }: RoomLink,
  server = '',
  patienceMs = PATIENCE_MS,
): Promise<Entrance> {
  return fetchJson<Entrance>(`${server}/api/rooms/${roomId}/join`, {
    signal: AbortSignal.timeout(patienceMs),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
}

/** The meeting as it was kept in writing, for its host. Rejects with a CallError: `notFound`. */
export async function fetchTranscript({ roomId, key }: RoomLink, server = ''): Promise<Blob> {
  const response = await answered(
    `${server}/api/rooms/${roomId}/transcript?format=txt`,
    bearer(key),
  );
  return response.blob();
}

/** Destroys what was kept in writing of a meeting, for its host. Rejects with a CallError. */
export async function deleteTranscript({ roomId, key }: RoomLink, server = ''): Promise<void> {
  await answered(`${server}/api/rooms/${roomId}/transcript`, { method: 'DELETE', ...bearer(key) });
}

function bearer(key: RoomKey): RequestInit {
  return { headers: { authorization: `Bearer ${key}` } };
}

/** What this server can do. Rejects with a CallError. */
export function serverInfo(): Promise<ServerInfo> {
  return fetchJson<ServerInfo>('/api/info');
}

async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await answered(path, init);
  return (await response.json().catch(() => {
    throw new CallError('unavailable', `${path}: no JSON`);
  })) as T;
}

/** Resolves to an answer that is good; rejects with a CallError otherwise. */
async function answered(path: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(path, { signal, ...init }).catch((error: unknown) => {
    throw new CallError('unreachable', `${path}: ${String(error)}`);
  });
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  if (isWireError(body)) throw new CallError(body.code, body.message);
  throw new CallError('unavailable', `${path}: HTTP ${response.status}`);
}

function isWireError(body: unknown): body is WireError {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}
