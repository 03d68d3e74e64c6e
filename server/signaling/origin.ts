/**
 * Whether a page may open a socket here: one of our own pages (same host as the request went to),
 * one from an origin that was allowed by name, or one of another node of our cluster. Programs
 * without an origin are not pages.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
  isNode: (origin: string) => boolean = () => false,
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (page.host === host || allowed.some((url) => new URL(url).origin === page.origin)) return true;
  return isNode(page.origin);
}
