import { describe, expect, test } from 'vitest';
import { captionOf } from '../../../../client/record/recall.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { BEGUN, plainLine, recordLine } from '../../../support/record-lines.ts';

const luz = { selfId: PeerId.parse('luz'), hearOwn: false };
const ann = { selfId: PeerId.parse('ann'), hearOwn: false };

const said = {
  ...{ sequence: 5, revision: 0, peerId: 'ann', displayName: 'Ann', colour: 0 },
  ...{ source: 'en', tentative: '', final: true, startedAt: BEGUN + 5 },
};

describe('a line of the record as a caption', () => {
  test('is read in one’s own language, with the words spoken beside it', () => {
    expect(captionOf(recordLine(5), luz)).toEqual({
      ...said,
      ...{ language: 'es', committed: 'Hola.', spoken: true },
      original: { committed: 'Hello.', tentative: '' },
    });
  });

  test('is read as it was said where there is no translation', () => {
    expect(captionOf(plainLine(5, { gap: 'failed' }), luz)).toEqual({
      ...said,
      ...{ language: 'en', committed: 'Hello.', spoken: false, gap: 'failed' },
    });
  });

  test('is marked when its speaker has said it differently', () => {
    expect(captionOf(recordLine(5, { corrected: true }), luz)).toMatchObject({ corrected: true });
  });

  test('is read as it was said by oneself, unless one hears the translation of it', () => {
    expect(captionOf(recordLine(5), ann)).toMatchObject({ language: 'en', committed: 'Hello.' });
    expect(captionOf(recordLine(5), { ...ann, hearOwn: true })).toMatchObject({ language: 'es' });
  });
});
