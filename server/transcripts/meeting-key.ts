import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KeyRing } from './key-ring.ts';
import { KEY_BYTES, seal, unseal } from './sealing.ts';

const VERSION = 1;
const common = {
  version: z.literal(VERSION),
  /** When it was made, milliseconds since 1970. Retention counts from here. */
  since: z.int().min(0),
};

/**
 * What a file `<name>.key` holds: the wrapped key of a meeting, or that its transcript was destroyed
 * and nothing more is to be kept of it.
 */
export const MeetingKey = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('kept'),
    ...common,
    /** The key of the key file that opens it. */
    keyId: z.string(),
    sealedKey: z.base64(),
  }),
  z.strictObject({ state: z.literal('destroyed'), ...common }),
]);
export type MeetingKey = z.infer<typeof MeetingKey>;
export type KeptMeetingKey = Extract<MeetingKey, { state: 'kept' }>;

/** A new random key, for the meeting whose files have this name. */
export function makeMeetingKey(
  [{ id: keyId, wrapping }]: KeyRing,
  name: string,
  since: number,
): { readonly stored: KeptMeetingKey; readonly key: Uint8Array } {
  const key = randomBytes(KEY_BYTES);
  const head = { state: 'kept', version: VERSION, since, keyId } as const;
  return {
    stored: { ...head, sealedKey: seal(wrapping, key, context(name, head)).toString('base64') },
    key,
  };
}

/** Throws when no key of the ring opens it. */
export function openMeetingKey(ring: KeyRing, name: string, stored: KeptMeetingKey): Uint8Array {
  const fileKey = ring.find(({ id }) => id === stored.keyId);
  if (!fileKey)
    throw new Error(`${name}.key needs the key ${stored.keyId}, which is not in the key file`);
  try {
    return unseal(fileKey.wrapping, Buffer.from(stored.sealedKey, 'base64'), context(name, stored));
  } catch (cause) {
    throw new Error(`${name}.key has been changed`, { cause });
  }
}

export function destroyedMark(since: number): MeetingKey {
  return { state: 'destroyed', version: VERSION, since };
}

/** Everything in the file and its name; nothing of it can be changed unnoticed. */
function context(name: string, head: Omit<KeptMeetingKey, 'sealedKey'>): string {
  return ['parley transcript key', head.version, name, head.since, head.keyId].join('\n');
}
