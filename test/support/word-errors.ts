import { distance } from 'fastest-levenshtein';

/**
 * Substituted, missing and extra words between what was said and what was understood. Words become
 * single characters, so that a character distance counts them.
 */
export function wordErrors(said: string, understood: string): number {
  const characters = new Map<string, string>();
  const spell = (text: string) =>
    words(text)
      .map((word) => {
        const known = characters.get(word) ?? String.fromCharCode(0x4e00 + characters.size);
        characters.set(word, known);
        return known;
      })
      .join('');
  return distance(spell(said), spell(understood));
}

/** Word errors as a share of the words said. */
export function wordErrorRate(said: string, understood: string): number {
  return wordErrors(said, understood) / words(said).length;
}

export function words(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}' ]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}
