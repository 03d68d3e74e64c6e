import type { Explanation } from './messages.ts';
import { m } from './paraglide/messages.js';
import type { EndReason } from './state/stay.ts';

export interface Ending extends Explanation {
  /** The button that leads back into the same meeting, where there is a way. */
  readonly back?: string;
}

/** What a person reads when a call, or the wait for it, is over. */
export function ending(why: EndReason): Ending {
  switch (why) {
    case 'left':
      return { title: m.room_left_title(), text: m.room_left_text(), back: m.room_rejoin() };
    case 'gone':
      return { title: m.room_gone_title(), text: m.room_gone_text() };
    case 'full':
      return { title: m.room_full_title(), text: m.room_full_text(), back: m.room_rejoin() };
    case 'stopping':
      return { title: m.room_gone_title(), text: m.room_stopping_text(), back: m.room_rejoin() };
    case 'lost':
      return { title: m.room_lost_title(), text: m.room_lost_text(), back: m.room_rejoin() };
    case 'ended':
      return { title: m.room_ended_title(), text: m.room_ended_text() };
    case 'removed':
      return { title: m.room_removed_title(), text: m.room_removed_text() };
    case 'refused':
      return { title: m.room_refused_title(), text: m.room_refused_text() };
    case 'unanswered':
      return {
        title: m.room_unanswered_title(),
        text: m.room_unanswered_text(),
        back: m.room_ask_again(),
      };
    case 'elsewhere':
      return {
        title: m.room_elsewhere_title(),
        text: m.room_elsewhere_text(),
        back: m.room_come_back(),
      };
  }
}
