/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const PICTURES = join(import.meta.dirname, '../.artifacts/accessibility');

/** Whether each state that is looked at leaves a picture in test/.artifacts. */
const pictured = process.env['SCREENSHOTS'] !== undefined;

/**
 * What axe finds wrong with a page as it is now, minor things too, one line for each place, and
 * whether it scrolls sideways. Everything in light; in dark, where only the colours differ, the
 * contrast.
 */
export async function faults(page: Page, state: string): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const found: string[] = wide ? [`${state}: scrolls sideways`] : [];
  for (const scheme of ['light', 'dark'] as const) {
    // Without motion, so that no colour is caught on its way to another.
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    found.push(...(await run(page, scheme)).map((fault) => `${state}, ${scheme}: ${fault}`));
    if (pictured) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({
        path: join(PICTURES, `${state.replaceAll(' ', '-')}-${scheme}.png`),
      });
    }
  }
  return found;
}

function run(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  return page.evaluate(
    async (rules) => {
      const { axe: inPage } = window as Window & { axe?: typeof axe };
      if (inPage === undefined) throw new Error('axe is not in the page');
      const only = rules === undefined ? {} : { runOnly: { type: 'rule' as const, values: rules } };
      const { violations } = await inPage.run({ ...only, resultTypes: ['violations'] });
      return violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(
          ({ html, failureSummary }) => `${impact ?? ''} ${id}: ${html} ${failureSummary ?? ''}`,
        ),
      );
    },
    scheme === 'dark' ? ['color-contrast'] : undefined,
  );
}
