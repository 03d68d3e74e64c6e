import type { Entrance, RoomCreated, ServerInfo } from '../server/protocol/api.ts';
import type { WireError } from '../server/protocol/errors.ts';
import type { RoomKey } from '../server/protocol/ids.ts';
import { CallError } from './messages.ts';
import type { RoomLink } from './routes.ts';

/** Makes a meeting. Rejects with a CallError. */
export async function createRoom(): Promise<RoomLink> {
  const { roomId, hostKey } = await fetchJson<RoomCreated>('/api/rooms', { method: 'POST' });
  return { roomId, key: hostKey };
}

/** Knocks at a meeting's door. Rejects with a CallError: `roomNotFound`, `unreachable`. */
export function knock({ roomId, key }: RoomLink): Promise<Entrance> {
  return fetchJson<Entrance>(`/api/rooms/${roomId}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
}

/** The meeting as it was kept in writing, for its host. Rejects with a CallError: `notFound`. */
export async function fetchTranscript({ roomId, key }: RoomLink): Promise<Blob> {
  const response = await answered(`/api/rooms/${roomId}/transcript?format=txt`, bearer(key));
  return response.blob();
}

/** Destroys what was kept in writing of a meeting, for its host. Rejects with a CallError. */
export async function deleteTranscript({ roomId, key }: RoomLink): Promise<void> {
  await answered(`/api/rooms/${roomId}/transcript`, { method: 'DELETE', ...bearer(key) });
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
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => {
      throw new CallError('unreachable', `${path}: ${String(error)}`);
    },
  );
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  if (isWireError(body)) throw new CallError(body.code, body.message);
  throw new CallError('unavailable', `${path}: HTTP ${response.status}`);
}

function isWireError(body: unknown): body is WireError {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}
