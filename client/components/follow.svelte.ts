import type { Attachment } from 'svelte/attachments';
import { staysPinned } from '../pinning.ts';
import type { Place } from '../pinning.ts';

/**
 * Keeps a scrolling box at its end while its content grows, and through the window's changes of
 * size, unless someone has scrolled up. To be attached to a box with one child that holds it all.
 */
export class Follow {
  /** Whether the end is followed. */
  pinned = $state(true);
  #box: HTMLElement | undefined;
  #before: Place | undefined;

  readonly attach: Attachment<HTMLElement> = (box) => {
    this.#box = box;
    const look = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = box;
      const now = { scrollTop, scrollHeight, clientHeight };
      this.pinned = staysPinned(this.pinned, this.#before, now);
      this.#before = now;
    };
    const keep = (): void => {
      if (this.pinned) this.jump();
    };
    const sizes = new ResizeObserver(keep);
    sizes.observe(box);
    for (const child of box.children) sizes.observe(child);
    // Where the first line goes as the last one comes, the size may stay the same.
    const lines = new MutationObserver(keep);
    lines.observe(box, { childList: true, subtree: true });
    box.addEventListener('scroll', look);
    return () => {
      sizes.disconnect();
      lines.disconnect();
      box.removeEventListener('scroll', look);
    };
  };

  /** Before something else than the end is brought into view. */
  release(): void {
    this.pinned = false;
  }

  jump(): void {
    this.pinned = true;
    this.#box?.scrollTo({ top: this.#box.scrollHeight });
  }
}
