import type { RoomCreated, RoomSummary, ServerInfo } from '../server/protocol/api.ts';
import type { WireError } from '../server/protocol/errors.ts';
import type { RoomId } from '../server/protocol/ids.ts';
import { CallError } from './messages.ts';

/** Makes a meeting. Rejects with a CallError. */
export async function createRoom(): Promise<RoomId> {
  const { roomId } = await fetchJson<RoomCreated>('/api/rooms', { method: 'POST' });
  return roomId;
}

/** Looks a meeting up. Rejects with a CallError: `roomNotFound`, `unreachable`. */
export function findRoom(roomId: RoomId): Promise<RoomSummary> {
  return fetchJson<RoomSummary>(`/api/rooms/${roomId}`);
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
