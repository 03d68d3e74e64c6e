import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../support/accessibility.ts';
import { enterByLink, launchBrowser, openPage, resize } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Every page, and every state of a page that looks different, as axe sees it. */
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
/** What guests are sent. */
let link: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0880').audio, silence(3_000, 16_000)));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(voice));
});
afterAll(() => resources.disposeAsync());

const button = (where: Page | Locator, name: string | RegExp): Locator =>
  where.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator =>
  page.getByRole('heading', { name, exact: true });

async function expectNoFaults(page: Page, state: string): Promise<void> {
  expect(await faults(page, state)).toEqual([]);
}

describe('outside a meeting', () => {
  let page: Page;

  beforeAll(async () => {
    page = await openPage(browser, parley.url);
    await resize(page, DESKTOP);
  });

  test('home, as it is and with a link that is none', async () => {
    await page.goto(parley.url);
    await expectNoFaults(page, 'home');
    await page.getByRole('textbox', { name: 'Meeting link or code', exact: true }).fill('nothing');
    await button(page, 'Join').click();
    await page.getByRole('alert').waitFor();
    await resize(page, PHONE);
    await expectNoFaults(page, 'home with a problem');
    await resize(page, DESKTOP);
  });

  test.each([
    ['about', '/about', 'About Parley'],
    ['solo', '/solo', 'Translate for yourself'],
    ['routing', '/solo/routing', 'Use it in another meeting program'],
    ['a link without its key', '/r/aaaaaaaaaaaaaaaaaaaaaa', 'There is no such meeting'],
    ['no such meeting', '/nowhere', 'There is no such meeting'],
  ])('%s', async (state, path, title) => {
    await page.goto(`${parley.url}${path}`);
    await heading(page, title).waitFor();
    await expectNoFaults(page, state);
  });
});

test('solo, at work', async () => {
  const page = await openPage(browser, parley.url);
  await resize(page, DESKTOP);
  await page.goto(`${parley.url}/solo`);
  await button(page, 'Start').click();
  await button(page, 'Stop').waitFor();
  await expectNoFaults(page, 'solo at work');
  await resize(page, PHONE);
  await expectNoFaults(page, 'solo on a phone');
  await page.context().close();
});

describe('before the call', () => {
  test('with a microphone, and with what is missing said', async () => {
    link = `${parley.url}/r/${await parley.createRoom()}`;
    const page = await openPage(browser, parley.url);
    await resize(page, DESKTOP);
    await page.goto(`${link}&speak=xx`);
    await page.getByText('We hear you').waitFor();
    await button(page, 'Share the sound of a tab instead').click();
    await page.getByText('What happens to what I say').click();
    await button(page, 'Join meeting').click();
    await page.getByRole('alert').first().waitFor();
    await expectNoFaults(page, 'pre-join with problems');
    await page.context().close();
  });

  test('without a microphone, on a phone', async () => {
    const context = await browser.newContext({ viewport: PHONE });
    await context.grantPermissions([]);
    const page = await context.newPage();
    await page.goto(`${link}&name=Luz`);
    await page.getByText('You join as a listener.').waitFor();
    await expectNoFaults(page, 'pre-join as a listener');
    await context.close();
  });
});

describe('in the call', () => {
  let ann: Page;
  let luz: Page;

  beforeAll(async () => {
    ann = await openPage(browser, parley.url);
    await resize(ann, DESKTOP);
    await ann.goto(parley.url);
    await ann.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ann');
    await button(ann, 'New meeting').click();
    await button(ann, 'Join meeting').click();
    link = `http://${await ann.getByText(/^localhost:\d+\/r\//).innerText()}`;
  });

  test('alone', () => expectNoFaults(ann, 'call alone'));

  test('with others, captions and a hand', async () => {
    luz = await openPage(browser, parley.url);
    await resize(luz, DESKTOP);
    await enterByLink(luz, link, { name: 'Luz', speak: 'es', hear: 'es' });
    await button(luz, 'React').click();
    await expectNoFaults(luz, 'reactions');
    await button(luz, 'Raise hand').click();
    await luz.keyboard.press('Escape');
    await luz
      .locator('[data-speaker="Ann"][data-final="true"][lang="es"]')
      .first()
      .waitFor({ timeout: 60_000 });
    await button(luz, 'Show original').click();
    await expectNoFaults(luz, 'call');
    await resize(luz, PHONE);
    await expectNoFaults(luz, 'call on a phone');
    await resize(luz, DESKTOP);
    await button(ann, 'Say that differently').last().click();
    await expectNoFaults(ann, 'say that differently');
    await ann.keyboard.press('Escape');
  });

  test('with a camera', async () => {
    await luz.context().grantPermissions(['microphone', 'camera'], { origin: parley.url });
    await button(luz, 'Turn camera on').click();
    await ann.getByLabel('Camera of Luz').waitFor();
    await expectNoFaults(ann, 'camera');
    await resize(ann, PHONE);
    await expectNoFaults(ann, 'camera on a phone');
    await resize(ann, DESKTOP);
    await button(luz, 'Turn camera off').click();
  });

  test('the settings, group by group', async () => {
    await button(luz, 'More').click();
    await expectNoFaults(luz, 'more');
    await button(luz, 'Settings').click();
    for (const tab of await luz.getByRole('tab').all()) {
      await tab.click();
      await expectNoFaults(luz, `settings ${await tab.innerText()}`);
    }
    await luz.keyboard.press('Escape');
    await button(luz, 'More').click();
    await button(luz, 'Share tab sound').click();
    await expectNoFaults(luz, 'tab sound');
    await luz.keyboard.press('Escape');
    await button(luz, 'How you hear Ann').click();
    await expectNoFaults(luz, 'how one hears a person');
    await luz.keyboard.press('Escape');
  });

  test.each(['Record', 'Under the hood'])('the panel "%s"', async (name) => {
    await button(luz, 'More').click();
    await button(luz, name).click();
    await luz.getByRole('complementary', { name, exact: true }).waitFor();
    await expectNoFaults(luz, name);
    await luz.keyboard.press('Escape');
  });

  test('what is asked before the record is taken along', async () => {
    await button(luz, 'More').click();
    await button(luz, 'Record').click();
    await button(luz, 'Download').click();
    await expectNoFaults(luz, 'download');
    await luz.keyboard.press('Escape');
    await luz.keyboard.press('Escape');
  });

  test('the chat, on a phone too', async () => {
    await button(luz, 'Chat').click();
    await luz.getByRole('textbox', { name: 'Message', exact: true }).fill('Hola');
    await luz.keyboard.press('Enter');
    await luz.getByRole('log', { name: 'Chat messages' }).getByRole('article').waitFor();
    await expectNoFaults(luz, 'chat');
    await resize(luz, PHONE);
    await expectNoFaults(luz, 'chat on a phone');
    await resize(luz, DESKTOP);
    await luz.keyboard.press('Escape');
  });

  test('the host, the lobby, and what is asked before somebody is removed', async () => {
    await button(ann, /^Host/).click();
    await ann.getByRole('switch', { name: 'Newcomers wait in the lobby', exact: true }).click();
    const eve = await openPage(browser, parley.url);
    await resize(eve, PHONE);
    await eve.goto(`${link}&name=Eve`);
    await button(eve, 'Join meeting').click();
    await heading(eve, 'Waiting to be let in').waitFor();
    await expectNoFaults(eve, 'waiting');
    await button(ann, 'Host, 1 waiting').waitFor();
    await expectNoFaults(ann, 'host');
    await button(ann, 'Remove Luz').click();
    await expectNoFaults(ann, 'remove');
    await ann.keyboard.press('Escape');
    await eve.context().close();
  });

  test('after it', async () => {
    await button(luz, 'Leave').click();
    await heading(luz, 'You left the meeting').waitFor();
    await expectNoFaults(luz, 'left');
  });
});
