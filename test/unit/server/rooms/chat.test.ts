import { beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../../../server/protocol/chat.ts';
import type { HearChoice } from '../../../../server/protocol/ids.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { ChatLog, MAX_CHARACTERS, MAX_MESSAGES } from '../../../../server/rooms/chat-log.ts';
import { englishEngine, RoomStage, settled, tag } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

const texts = [
  { source: tag('en'), target: tag('es') },
  { source: tag('en'), target: tag('ca') },
  { source: tag('es'), target: tag('en') },
];

let stage: RoomStage;
let ann: Guest;
let luz: Guest;

beforeEach(async () => {
  stage = new RoomStage();
  stage.media.engine = { ...englishEngine, texts };
  ann = await stage.listener({ name: 'Ann', speak: 'en', hear: 'en' });
  luz = await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
});

async function write(author: Guest, text: string): Promise<void> {
  await author.participation.expression.write(text);
  await settled();
}

async function hear(reader: Guest, language: HearChoice): Promise<void> {
  reader.participation.setLanguages({ hear: language });
  await settled();
}

/** What someone was told of messages, in order: the words, and what became of them for this reader. */
const told = ({ outbox }: Guest) =>
  outbox.all('chat').map((data) => {
    const { text, translation } = data as ChatMessage;
    if (translation === undefined) return text;
    return `${text} > ${'text' in translation ? translation.text : translation.missing}`;
  });
const shown = ({ result }: Guest) =>
  result.chat.map(({ text, translation }) => [text, translation]);

describe('a chat message', () => {
  test('comes at once as it was written, and again in the reader’s language', async () => {
    await write(ann, 'hello');
    expect(told(luz)).toEqual(['hello > coming', 'hello > hello (es)']);
    expect(told(ann)).toEqual(['hello']);
    expect(luz.outbox.last('chat')).toMatchObject({
      ...{ peerId: ann.id, displayName: 'Ann', colour: 0, source: 'en', text: 'hello' },
      translation: { language: 'es', text: 'hello (es)' },
    });
  });

  test('is numbered in order, and every change of one has a higher revision', async () => {
    await write(ann, 'one');
    await write(luz, 'dos');
    const messages = luz.outbox.all('chat') as readonly ChatMessage[];
    expect(messages.map(({ text, sequence }) => [text, sequence])).toEqual([
      ['one', 0],
      ['one', 0],
      ['dos', 1],
    ]);
    const revisions = messages.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  test('is translated once for all who read one language', async () => {
    const asked: string[] = [];
    const { media } = stage;
    const translate = media.translateText.bind(media);
    media.translateText = (text) => {
      asked.push(`${text.text} ${text.targets.join()}`);
      return translate(text);
    };
    await stage.listener({ hear: 'es' });
    await stage.listener({ hear: 'ca' });
    await write(ann, 'hello');
    expect(asked).toEqual(['hello es,ca']);
  });

  test('that cannot be translated comes with a word saying so', async () => {
    const mei = await stage.listener({ hear: 'zh' });
    await write(ann, 'hello');
    expect(told(mei)).toEqual(['hello > impossible']);
    stage.media.die();
    await write(ann, 'again');
    expect(told(luz).slice(-2)).toEqual(['again > coming', 'again > failed']);
  });

  test('of someone who does not agree to a machine is shown as it is', async () => {
    const eve = await stage.listener({ speak: 'en', consent: false });
    await write(eve, 'hello');
    expect(told(luz)).toEqual(['hello > declined']);
  });

  test('is left in its language for who wants originals, of all or of one person', async () => {
    const bob = await stage.listener({ hear: 'original' });
    luz.participation.setOriginals([PeerId.parse(ann.id)]);
    await write(ann, 'hello');
    expect([told(bob), told(luz)]).toEqual([['hello'], ['hello']]);
  });

  test('is translated only into languages that the hosts leave on', async () => {
    const host = await stage.listener({ role: 'host', hear: 'ca' });
    host.participation.hosting.decide({ languages: { allowed: [tag('ca')], most: null } });
    await write(ann, 'hello');
    expect(told(luz)).toEqual(['hello > impossible']);
    expect(told(host).at(-1)).toBe('hello > hello (ca)');
  });

  test('is refused when one person sends too many, and others go on', async () => {
    for (let count = 0; count < 10; count += 1) await write(ann, `${count}`);
    await expect(write(ann, 'one more')).rejects.toMatchObject({ code: 'rateLimited' });
    await write(luz, 'hola');
    expect(told(ann).at(-1)).toBe('hola > hola (en)');
  });
});

describe('who comes later', () => {
  test('gets what was written, and what is not in their language yet follows', async () => {
    await write(ann, 'one');
    await write(ann, 'two');
    const pau = await stage.listener({ hear: 'ca' });
    expect(shown(pau)).toEqual([
      ['one', { language: 'ca', missing: 'coming' }],
      ['two', { language: 'ca', missing: 'coming' }],
    ]);
    expect(told(pau)).toEqual(['two > two (ca)', 'one > one (ca)']);
    expect(told(luz)).toHaveLength(4);
  });

  test('and reads another language from now on gets everything in it', async () => {
    await write(ann, 'hello');
    await hear(luz, tag('ca'));
    expect(told(luz).slice(2)).toEqual(['hello > coming', 'hello > hello (ca)']);
    await hear(luz, tag('es'));
    expect(told(luz).slice(4)).toEqual(['hello > hello (es)']);
    await hear(luz, tag('es'));
    expect(told(luz)).toHaveLength(5);
  });

  test('gets it from someone who has left, and in their own words when they come back', async () => {
    await write(ann, 'hello');
    ann.participation.leave();
    expect(shown(await stage.listener({ hear: 'es' }))).toEqual([
      ['hello', { language: 'es', text: 'hello (es)' }],
    ]);
    expect(shown(await stage.listener({ as: ann.id, hear: 'es' }))).toEqual([['hello', undefined]]);
  });

  test('finds what could not be translated marked so, and it is not tried again', async () => {
    const { ports } = stage.media;
    stage.media.die();
    await write(ann, 'lost');
    if (ports) stage.media.start(ports);
    const late = await stage.listener({ hear: 'es' });
    expect(shown(late)).toEqual([['lost', { language: 'es', missing: 'failed' }]]);
    expect(told(late)).toEqual([]);
  });
});

describe('the log', () => {
  const written = {
    author: { peerId: PeerId.parse('ann'), displayName: 'Ann', colour: 0 },
    ...{ consents: true, source: tag('en'), sentAt: 0 },
  };

  test('forgets the oldest, by number and by length', () => {
    const log = new ChatLog(5);
    for (let count = 0; count <= MAX_MESSAGES; count += 1) log.add({ ...written, text: 'x' });
    expect(log.all.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: MAX_MESSAGES }, (_, index) => 6 + index),
    );
    log.add({ ...written, text: 'y'.repeat(MAX_CHARACTERS - 1) });
    expect(log.all.map(({ text }) => text.length)).toEqual([1, MAX_CHARACTERS - 1]);
  });

  test('has nothing to say of a message it has forgotten', () => {
    expect(new ChatLog(0).render(7, [[tag('es'), { text: 'hola' }]])).toBeUndefined();
  });
});
