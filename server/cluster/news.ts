import { z } from 'zod';
import { RoomId } from '../protocol/ids.ts';

/** What one node tells all others, beside what they look up. */
export const ClusterNews = z.discriminatedUnion('type', [
  /** A node takes nothing new from now on. */
  z.object({ type: z.literal('draining'), node: z.string() }),
  /** Whoever has this meeting ends it for everyone. */
  z.object({ type: z.literal('endRoom'), roomId: RoomId }),
]);
export type ClusterNews = z.infer<typeof ClusterNews>;

/** Brings news to all other nodes that are up and connected now; nobody waits for it. */
export interface ClusterBus {
  tell(news: ClusterNews): void;
  close(): Promise<void>;
}

/** Opens the way; `onNews` hears of what other nodes tell. */
export type OpenBus = (onNews: (news: ClusterNews) => void) => Promise<ClusterBus>;
