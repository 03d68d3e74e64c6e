import type { Attendance } from './attendance.ts';
import type { News } from './news.ts';
import type { Peer } from './peer.ts';

/** One screen at a time: the newest takes the place of the one before, whose owner is told. */
export function replaceScreen(
  by: Peer,
  { attendance, news }: { readonly attendance: Attendance; readonly news: News },
): void {
  for (const peer of attendance.all) {
    if (peer === by || !peer.published.has('screen')) continue;
    peer.unpublish('screen');
    peer.line.tell('screenReplaced', { by: by.id });
    news.tell('peerUpdated', peer.info);
  }
}
