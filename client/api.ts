import type { Entrance, RoomCreated, ServerInfo } from '../server/protocol/api.ts';
import type { WireError } from '../server/protocol/errors.ts';
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

/** What this server can do. Rejects with a CallError. */
export function serverInfo(): Promise<ServerInfo> {
  return fetchJson<ServerInfo>('/api/info');
}

async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => {
      throw new CallError('unreachable', `${path}: ${String(error)}`);
    },
  );
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as T;
  if (isWireError(body)) throw new CallError(body.code, body.message);
  throw new CallError('unavailable', `${path}: HTTP ${response.status}`);
}

function isWireError(body: unknown): body is WireError {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}
