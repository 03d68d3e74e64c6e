import type { expressionRequests } from '../../protocol/expression.ts';
import type { Handlers } from '../session.ts';

/** What people say and show without speaking. */
export const expressing: Handlers<keyof typeof expressionRequests> = {
  async 'chat:send'({ participation }, { text }) {
    await participation.expression.write(text);
    return {};
  },

  async hand({ participation }, { raised }) {
    await participation.expression.raiseHand(raised);
    return {};
  },

  async react({ participation }, { kind }) {
    await participation.expression.react(kind);
    return {};
  },

  async 'caption:correct'({ participation }, { sequence, text }) {
    await participation.expression.correct(sequence, text);
    return {};
  },
};
