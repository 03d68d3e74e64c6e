import { recordLanguages, recordPage } from '../../rooms/record.ts';
import type { Handlers } from '../session.ts';

/** The record of what a person could read, to take along. */
export const recording: Handlers<'captions:languages' | 'captions:export'> = {
  'captions:languages'({ participation }) {
    return { languages: recordLanguages(participation.record()) };
  },

  'captions:export'({ participation }, { language, after }) {
    return recordPage(participation.record(), language, after);
  },
};
