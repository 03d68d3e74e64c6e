import type { Browser, Page } from 'playwright-core';
import { exposeConnections } from '../inbound-audio.ts';
import type { Visit } from '../browser.ts';
import { watchPage, type Seen } from './page-watch.ts';

/** A request that a page has sent over its socket. */
export interface Sent {
  readonly at: number;
  readonly request: string;
}

/** A finished line of captions as a page shows it. */
export interface Line {
  /** When its first word was said, in milliseconds since 1970: the same on every page. */
  readonly startedAt: number;
  readonly text: string;
}

/** Somebody in the call: their page, and what it has sent, shown and played. */
export class Participant implements AsyncDisposable {
  readonly page: Page;
  /** When they opened the meeting's link. */
  readonly opened: number;
  readonly #sent: Sent[] = [];
  #seen: () => Promise<readonly Seen[]> = () => Promise.resolve([]);

  private constructor(page: Page, opened: number) {
    this.page = page;
    this.opened = opened;
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const request = /^42\d*\["([\w:]+)"/.exec(String(payload))?.[1];
        if (request !== undefined) this.#sent.push({ at: Date.now(), request });
      });
    });
  }

  /** Opens a meeting's link, or a new meeting where there is none yet, and enters. */
  static async enter(
    browser: Browser,
    where: { readonly url: string; readonly link?: string; readonly relayOnly?: boolean },
    visit: Visit,
  ): Promise<Participant> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    await context.grantPermissions(['microphone'], { origin: where.url });
    const page = await context.newPage();
    await exposeConnections(page);
    const link = new URL(where.link ?? (await newMeeting(page, where.url)));
    link.search = new URLSearchParams({
      ...visit,
      join: '1',
      processing: 'off',
      ...(where.relayOnly === true && { via: 'relay' }),
    }).toString();
    const participant = new Participant(page, Date.now());
    await page.goto(link.href);
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    participant.#seen = await watchPage(page);
    return participant;
  }

  /** The meeting's link, for others. */
  get link(): string {
    const link = new URL(this.page.url());
    link.search = '';
    return link.href;
  }

  /** Everything seen since they entered, oldest first. */
  seen(): Promise<readonly Seen[]> {
    return this.#seen();
  }

  /** How often a request was sent since a moment. */
  sent(request: string, since: number): number {
    return this.#sent.filter((one) => one.request === request && one.at >= since).length;
  }

  /** The finished lines of somebody, as shown from top to bottom. */
  async lines(speaker: string): Promise<readonly Line[]> {
    const log = this.page.getByRole('log', { name: 'Captions', exact: true });
    return log.locator(`[data-speaker="${speaker}"][data-final="true"]`).evaluateAll((entries) =>
      entries.map((entry) => ({
        startedAt: Date.parse(entry.querySelector('time')?.dateTime ?? ''),
        text: entry.querySelector('[data-part=text]')?.textContent.trim() ?? '',
      })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

/** Starts a meeting on the home page and tells its link. */
async function newMeeting(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await page.getByRole('button', { name: 'New meeting', exact: true }).click();
  await page.waitForURL(/\/r\//);
  return page.url();
}
