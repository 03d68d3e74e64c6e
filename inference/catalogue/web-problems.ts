import { CatalogueError } from './catalogue-error.ts';
import { codeOf } from './disk.ts';

/** Answers that may be others a moment later (RFC 9110, 15.5 and 15.6). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An address as it may be shown: without user, password and query, which may hold secrets. */
export function addressInWords(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Undefined where asking again may help. */
export function statusProblem(status: number, url: string): CatalogueError | undefined {
  if (PASSING.has(status)) return undefined;
  const address = addressInWords(new URL(url));
  return new CatalogueError(
    'failed',
    `${address}: ${meaning(status)} (${status}).`,
    remedy(status),
  );
}

/** What to do about an error that asking again does not help; undefined where it may. */
export function fatalNetworkReason(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  const words = error instanceof Error ? error.message : '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS/.test(code)) {
    return (
      'The certificate is not one that this machine trusts. Where a proxy opens TLS on purpose, ' +
      'NODE_EXTRA_CA_CERTS=<its certificate> makes Node trust it.'
    );
  }
  if (/Proxy Authentication Required|Proxy response \(4\d\d\)/.test(words)) {
    return 'The proxy refuses: check the address, user and password in --proxy or HTTPS_PROXY.';
  }
  return undefined;
}

function meaning(status: number): string {
  switch (status) {
    case 401:
    case 403:
    case 451:
      return 'the server does not give us this file';
    case 404:
    case 410:
      return 'there is no such file';
    case 407:
      return 'the proxy refuses';
    default:
      return 'an answer we cannot use';
  }
}

function remedy(status: number): string {
  switch (status) {
    case 407:
      return 'Check the address, user and password in --proxy or HTTPS_PROXY.';
    case 404:
    case 410:
      return (
        'Its publisher may have moved it: a newer release of Parley may know where to, or ' +
        '--mirror names a server that has it.'
      );
    default:
      return '--mirror names another server that has it.';
  }
}
