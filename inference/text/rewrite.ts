import type { Rule } from './spoken-language.ts';

const NEAR = 32;

/** Applies `rule` everywhere in `text`, keeping what it says apart from the letters beside it. */
export function rewrite(text: string, { pattern, say }: Rule): string {
  let said = '';
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const [written] = match;
    const end = match.index + written.length;
    const before = text.slice(Math.max(0, match.index - NEAR), match.index);
    const after = text.slice(end, end + NEAR);
    const words = say(match, { before, after });
    said +=
      text.slice(done, match.index) + (words === written ? words : apart(before, words, after));
    done = end;
  }
  return said + text.slice(done);
}

/** Applies several rules, one after another. */
export function rewriteAll(text: string, rules: readonly Rule[]): string {
  return rules.reduce(rewrite, text);
}

function apart(before: string, words: string, after: string): string {
  const left = /[\p{L}\p{N}.,!?:;]$/u.test(before) && /^[\p{L}\p{N}]/u.test(words) ? ' ' : '';
  const right = /^[\p{L}\p{N}]/u.test(after) && /[\p{L}\p{N}]$/u.test(words) ? ' ' : '';
  return `${left}${words}${right}`;
}
