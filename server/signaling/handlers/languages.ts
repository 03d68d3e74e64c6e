import type { Handlers } from '../session.ts';

/** What a person speaks and hears. */
export const languages: Handlers<'translation:setLanguages'> = {
  'translation:setLanguages'({ participation }, choice) {
    participation.setLanguages(choice);
    return {};
  },
};
