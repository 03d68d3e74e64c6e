/**
 * Whether a page may open a socket here: one of our own pages (same host as the request went to),
 * or one from an origin that was allowed by name. Programs without an origin are not pages.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  return page.host === host || allowed.some((url) => new URL(url).origin === page.origin);
}
