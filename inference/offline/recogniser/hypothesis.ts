const FILLER = /^(?:<.*>|\[.*\]|\+\+.*\+\+)$/;
const PRONUNCIATION = /\(\d+\)$/;
/** The pronoun: Apertium's English dictionaries know it only in capitals. */
const PRONOUN = /^i(?=$|')/;

/**
 * The words a person would write down for what PocketSphinx heard: no silences or noises, no
 * pronunciation numbers, lower case but for the pronoun "I".
 */
export function cleanHypothesis(hypothesis: string): string {
  return hypothesis
    .split(/\s+/)
    .filter((word) => word !== '' && !FILLER.test(word))
    .map((word) => word.replace(PRONUNCIATION, '').toLowerCase().replace(PRONOUN, 'I'))
    .filter((word) => word !== '')
    .join(' ');
}
