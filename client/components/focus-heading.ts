import type { Attachment } from 'svelte/attachments';

let first = true;

/**
 * Moves the focus to a page's heading when the page appears, so that a screen reader says where one
 * is and the next Tab starts at the top. Not on the first page: the browser has just announced it.
 */
export const focusHeading: Attachment<HTMLElement> = (heading) => {
  if (!first) heading.focus();
  first = false;
};
