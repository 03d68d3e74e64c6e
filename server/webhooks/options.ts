import { z } from 'zod';

/** What is told, by name. */
export const WebhookEventName = z.enum([
  'room.opened',
  'room.ended',
  'participant.joined',
  'participant.left',
  'transcript.line',
]);
export type WebhookEventName = z.infer<typeof WebhookEventName>;

/** Events told to other programs. */
export const WebhookOptions = z.strictObject({
  /** Where to; the operator's own choice, so that addresses in the own network are as good as others. */
  urls: z.array(z.url({ protocol: /^https?$/, error: 'not an http: or https: address' })).max(20),
  /** File with the secret that they are signed with. */
  secretFile: z.string(),
  events: z.array(WebhookEventName),
  /** Deliveries that may wait or be under way, for all addresses; beyond them events are dropped. */
  maxPending: z.int().min(1).max(100_000),
  /** Deliveries sent at once to one address. */
  concurrency: z.int().min(1).max(100),
  /** Longest wait for an answer. */
  timeoutMs: z.int().min(100).max(60_000),
  /** Pause before the second try; it doubles, give or take, up to the longest. */
  firstRetryMs: z.int().min(1),
  longestRetryMs: z.int().min(1).max(86_400_000),
  /** A delivery so old is given up. */
  giveUpMs: z
    .int()
    .min(1)
    .max(7 * 86_400_000),
});
export type WebhookOptions = Readonly<z.infer<typeof WebhookOptions>>;
