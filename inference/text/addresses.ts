import { rewriteAll } from './rewrite.ts';
import type { Rule, SignWords, SpokenLanguage } from './spoken-language.ts';

/** Endings by which a bare host name is told from two sentences without a space between them. */
const DOMAINS =
  'com|org|net|edu|gov|info|io|eu|dev|app|tv|me|ru|su|ua|by|kz|de|at|ch|fr|be|es|pl|uk|us|it|nl|pt|cz|рф|укр';

/** A path longer than this is not for ears: only the host is read. */
const LONGEST_PATH = 30;

/** Web and mail addresses as one would dictate them: example dot com slash news. */
export function sayAddresses(text: string, { signs }: SpokenLanguage): string {
  const mail: Rule = {
    pattern:
      /(?<![\p{L}\p{N}._%+-])([\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63})@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5})/gu,
    say: ([, user = '', host = '']) =>
      `${dictated(user, signs)} ${signs.at} ${dictated(host, signs)}`,
  };
  const web: Rule = {
    pattern:
      /(?<![\p{L}\p{N}])(?:[a-z][a-z+]{1,9}:\/\/|(?=www\.))(?:www\.)?([\p{L}\p{N}.-]{1,200})(:\d{1,5})?([/?#][^\s<>"'()]{0,2000})?/giu,
    say: ([, host = '', , path = '']) => visited(host, path, signs),
  };
  const bare: Rule = {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}.@-])([\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){0,3}\\.(?:${DOMAINS}))(/[^\\s<>"'()]{0,2000})?(?![\\p{L}\\p{N}@-]|\\.[\\p{L}\\p{N}])`,
      'gu',
    ),
    say: ([, host = '', path = '']) => visited(host, path, signs),
  };
  return rewriteAll(text, [mail, web, bare]);
}

function visited(host: string, path: string, signs: SignWords): string {
  // A full stop or comma behind an address is the sentence's, not the address's.
  const stop = /[.,!?:;]+$/u.exec(path || host)?.[0] ?? '';
  const name = path === '' ? host.slice(0, host.length - stop.length) : host;
  const place = path.slice(0, Math.max(0, path.length - stop.length)).replace(/\/+$/u, '');
  const told = place.length <= LONGEST_PATH && !/[?#%=]/u.test(place) ? place : '';
  return `${dictated(name + told, signs)}${stop}`;
}

/** Signs as words; runs of digits apart from letters, so that they are read as numbers. */
function dictated(address: string, signs: SignWords): string {
  const words: Readonly<Record<string, string>> = {
    '.': signs.dot,
    '/': signs.slash,
    '-': signs.dash,
    _: signs.underscore,
    '+': signs.plus,
    '%': '',
  };
  return address
    .replace(/[./_+%-]/gu, (sign) => ` ${words[sign] ?? ''} `)
    .replace(/(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
