import { describe, expect, test } from 'vitest';
import { PAGE_LINES, recordLanguages, recordPage } from '../../../../server/rooms/record.ts';
import { RoomStage, settled, tag } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

const originals = ({ participation }: Guest) =>
  recordPage(participation.record(), 'original').lines.map(({ original }) => original);

describe('the record', () => {
  test('has a line as it was said and in the language asked for, with names and times', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ name: 'Ann' });
    await stage.listener({ hear: 'es' });
    stage.media.say(stage.media.speaker, { text: 'hello', startedAt: 1_000, endedAt: 1_700 });
    const said = {
      ...{ sequence: 0, peerId: ann.id, displayName: 'Ann', colour: 0 },
      ...{ source: 'en', original: 'hello' },
      ...{ startedAt: 1_000, endedAt: 1_700 },
    };
    const lines = ann.participation.record();
    expect(recordPage(lines, tag('es'))).toEqual({
      lines: [{ ...said, translation: { language: 'es', text: 'hello (es)', spoken: true } }],
      more: false,
    });
    expect(recordPage(lines, 'original')).toEqual({ lines: [said], more: false });
    expect(recordPage(lines, tag('fr'))).toEqual({ lines: [said], more: false });
  });

  test('offers every language that anything was translated into', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    expect(recordLanguages(ann.participation.record())).toEqual([]);
    const luz = await stage.listener({ hear: 'es' });
    stage.media.say(stage.media.speaker, { text: 'one' });
    luz.participation.leave();
    await stage.listener({ hear: 'ca' });
    stage.media.say(stage.media.speaker, { text: 'two' });
    expect(recordLanguages(ann.participation.record())).toEqual(['ca', 'es']);
  });

  test('finds the language of a region, and passes over a translation without words', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.listener();
    stage.media.say(stage.media.speaker, {
      text: 'hello',
      translations: [
        { language: 'ca', committed: '', tentative: '', spoken: false },
        { language: 'es', committed: 'hola', tentative: '', spoken: false },
      ],
    });
    const lines = ann.participation.record();
    expect(recordLanguages(lines)).toEqual(['es']);
    expect(recordPage(lines, tag('es-MX')).lines).toMatchObject([
      { translation: { language: 'es', text: 'hola', spoken: false } },
    ]);
  });

  test('has finished lines only, with their gaps, and no false starts', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.listener();
    const { speaker } = stage.media;
    stage.media.say(speaker, { text: '' });
    stage.media.say(speaker, { text: '', gap: 'skipped' });
    stage.media.say(speaker, { text: 'whole' });
    stage.media.say(speaker, { text: 'half', final: false });
    expect(recordPage(ann.participation.record(), 'original').lines).toMatchObject([
      { original: '', gap: 'skipped' },
      { original: 'whole' },
    ]);
  });

  test('comes in parts, each line once and in order', async () => {
    const stage = new RoomStage({ captionReplay: 500, captionsKept: 1_000 });
    const ann = await stage.speaker();
    await stage.listener();
    const spoken = Array.from({ length: PAGE_LINES * 2 + 1 }, (_, index) => `line ${index}`);
    for (const text of spoken) stage.media.say(stage.media.speaker, { text });
    const read: string[] = [];
    let after: number | undefined;
    let more = true;
    while (more) {
      const page = recordPage(ann.participation.record(), 'original', after);
      read.push(...page.lines.map(({ original }) => original));
      expect(page.lines.length).toBeLessThanOrEqual(PAGE_LINES);
      ({ more } = page);
      after = page.lines.at(-1)?.sequence;
    }
    expect(read).toEqual(spoken);
    expect(recordPage(ann.participation.record(), 'original', after)).toEqual({
      ...{ lines: [], more: false },
    });
  });
});

describe('a person takes along', () => {
  test('what was said while they were here, and the last lines before', async () => {
    const stage = new RoomStage({ captionReplay: 2 });
    const ann = await stage.speaker();
    await stage.listener();
    const { speaker } = stage.media;
    for (const text of ['one', 'two', 'three']) stage.media.say(speaker, { text });
    const luz = await stage.listener({ hear: 'es' });
    stage.media.say(speaker, { text: 'four' });
    expect(originals(luz)).toEqual(['two', 'three', 'four']);
    expect(originals(ann)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('nothing that was said after they had left and before they came back', async () => {
    const stage = new RoomStage({ captionReplay: 1 });
    await stage.speaker();
    await stage.listener();
    const { speaker } = stage.media;
    const before = await stage.listener({ as: 'luz' });
    stage.media.say(speaker, { text: 'one' });
    before.participation.leave();
    for (const text of ['two', 'three', 'four']) stage.media.say(speaker, { text });
    const after = await stage.listener({ as: 'luz' });
    stage.media.say(speaker, { text: 'five' });
    expect(originals(after)).toEqual(['one', 'four', 'five']);
  });

  test('all of it again after reloading the page', async () => {
    const stage = new RoomStage({ captionReplay: 2 });
    await stage.speaker();
    await stage.listener();
    const before = await stage.listener({ as: 'luz' });
    for (const text of ['one', 'two', 'three']) stage.media.say(stage.media.speaker, { text });
    before.participation.leave();
    await settled();
    const after = await stage.listener({ as: 'luz' });
    expect(originals(after)).toEqual(['one', 'two', 'three']);
  });

  test('no more than is kept', async () => {
    const stage = new RoomStage({ captionReplay: 1, captionsKept: 2 });
    const ann = await stage.speaker();
    await stage.listener();
    for (const text of ['one', 'two', 'three']) stage.media.say(stage.media.speaker, { text });
    expect(originals(ann)).toEqual(['two', 'three']);
  });

  test('nobody who has come back is told lines from before they came', async () => {
    const stage = new RoomStage({ captionReplay: 1 });
    await stage.speaker();
    await stage.listener();
    for (const text of ['one', 'two']) stage.media.say(stage.media.speaker, { text });
    await stage.listener({ as: 'luz' });
    stage.media.say(stage.media.speaker, { text: 'three' });
    const { result } = stage.join({ as: 'luz', captionsAfter: 0 });
    expect(result.captions.map(({ committed }) => committed)).toEqual(['two', 'three']);
  });
});
