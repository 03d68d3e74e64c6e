import { z } from 'zod';

/** A room's unguessable id: 22 or more URL-safe characters, 132 bits when made by nanoid(22). */
export const RoomId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22,64}$/, 'not a meeting code')
  .brand<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;

/** The secret in a meeting's link, after the `#`: one for the host, one for everyone else. */
export const RoomKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'not the key of a meeting')
  .brand<'RoomKey'>();
export type RoomKey = z.infer<typeof RoomKey>;

export const Role = z.enum(['host', 'guest']);
export type Role = z.infer<typeof Role>;

const id = z.string().min(1).max(64);

export const PeerId = id.brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

export const TransportId = id.brand<'TransportId'>();
export type TransportId = z.infer<typeof TransportId>;

export const ProducerId = id.brand<'ProducerId'>();
export type ProducerId = z.infer<typeof ProducerId>;

export const ConsumerId = id.brand<'ConsumerId'>();
export type ConsumerId = z.infer<typeof ConsumerId>;

/** BCP-47, as far as Parley needs it: a language and optional script and region subtags. */
export const LanguageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/, 'not a language tag')
  .brand<'LanguageTag'>();
export type LanguageTag = z.infer<typeof LanguageTag>;

/** What a listener asks for: a language, or every speaker as they are. */
export const HearChoice = z.union([z.literal('original'), LanguageTag]);
export type HearChoice = z.infer<typeof HearChoice>;

/** Which voice is to speak for someone in other languages; `automatic`: any. */
export const VoicePreference = z.enum(['automatic', 'higher', 'lower']);
export type VoicePreference = z.infer<typeof VoicePreference>;

/** What turns the direction of the text around it (Unicode bidirectional algorithm, UAX #9). */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A display name: trimmed, 1 to 64 characters, no control characters, at least one that is seen.
 * Names in any script need none of the marks that would turn the words beside them; those are
 * dropped.
 */
export const DisplayName = z
  .string()
  .transform((name) => name.replace(TURNS, '').trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(64)
      .regex(/^\P{Cc}+$/u, 'no control characters')
      .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'nothing that is seen'),
  );
