/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** What has the focus on a page, as far as somebody who only sees it can tell. */
export interface Focus {
  /** Its name: what a button says, or the label of a field. Empty: nothing in the page has it. */
  readonly name: string;
  /** Whether a line is drawn round it. */
  readonly marked: boolean;
  /** Whether it is in the window, with nothing over it. */
  readonly inSight: boolean;
}

export function focusOf(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || active === document.body) {
      return { name: '', marked: false, inSight: false };
    }
    const labels = 'labels' in active && active.labels instanceof NodeList ? active.labels : [];
    const said = active.getAttribute('aria-label') ?? labels[0]?.textContent ?? active.textContent;
    // A radio button is hidden under the words that are drawn for it.
    const drawn = [active, active.nextElementSibling].filter((one) => one !== null);
    const { left, top, width, height } = active.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + height / 2);
    return {
      name: said.replace(/\s+/g, ' ').trim(),
      marked: drawn.some((one) => getComputedStyle(one).outlineStyle !== 'none'),
      inSight: at !== null && (active.contains(at) || active.parentElement?.contains(at) === true),
    };
  });
}

/**
 * Presses Tab until what is called `name` has the focus; resolves to what had it on the way, the
 * last included. Throws when it does not come within 40 steps.
 */
export async function tabTo(page: Page, name: string): Promise<readonly Focus[]> {
  const way: Focus[] = [];
  while (way.length < 40) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    way.push(focus);
    if (focus.name === name) return way;
  }
  throw new Error(`"${name}" is not reached: ${way.map((focus) => focus.name).join(', ')}`);
}
