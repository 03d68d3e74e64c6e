import { z } from 'zod';

/** Several nodes that share their meetings through Redis. */
export const ClusterOptions = z.strictObject({
  /** Redis or Valkey, such as redis://user@redis.internal:6379 or rediss://…; empty: one node alone. */
  redisUrl: z.union([
    z.literal(''),
    z.url({ protocol: /^rediss?$/, hostname: /./, error: 'neither empty nor a redis: address' }),
  ]),
  /** File with the password of Redis; empty: none, or the one in the address. */
  redisPasswordFile: z.string(),
  /** Where browsers reach this node itself; empty: where it listens. */
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })], 'neither empty nor an address'),
  /** How often a node shows that it is there and renews its meetings. */
  beatMs: z.int().min(100).max(60_000),
  /** A node or meeting not heard of for so long is lost, and another node takes over. */
  leaseMs: z.int().min(300).max(300_000),
  /** An empty meeting stays on its node for so long. */
  idleMs: z.int().min(1_000).max(86_400_000),
  /** Captions of a meeting stay in Redis for so long after its node was last heard of. */
  captionsMs: z.int().min(1_000).max(86_400_000),
  /** Sound goes on at the node a meeting has left for so long, while people change over. */
  lingerMs: z.int().min(0).max(60_000),
  /** Average time between two meetings that a node hands over when it stops. */
  moveSpacingMs: z.int().min(0).max(60_000),
});

export type ClusterOptions = z.infer<typeof ClusterOptions>;
