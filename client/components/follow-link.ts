import type { Router } from '../state/router.svelte.ts';

/** Follows a link to another page of Parley without loading it anew, unless it is to be opened elsewhere. */
export function followLink(
  router: Pick<Router, 'go'>,
  event: MouseEvent & { readonly currentTarget: HTMLAnchorElement },
): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  router.go(event.currentTarget.pathname);
}
