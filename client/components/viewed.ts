import type { Attachment } from 'svelte/attachments';
import { layerFor } from '../media/viewing.ts';
import type { View } from '../media/viewing.ts';

/** Tells how an element is seen: how large, or not at all while it is out of sight or the page is hidden. */
export function viewed(onView: (view: View) => void): Attachment<HTMLElement> {
  return (element) => {
    let inSight = false;
    const tell = (): void => {
      const shown = inSight && document.visibilityState === 'visible';
      onView(shown ? layerFor(element.clientHeight * devicePixelRatio) : 'hidden');
    };
    const sight = new IntersectionObserver(([entry]) => {
      inSight = entry?.isIntersecting === true;
      tell();
    });
    const size = new ResizeObserver(() => {
      if (inSight) tell();
    });
    sight.observe(element);
    size.observe(element);
    document.addEventListener('visibilitychange', tell);
    return () => {
      sight.disconnect();
      size.disconnect();
      document.removeEventListener('visibilitychange', tell);
    };
  };
}
