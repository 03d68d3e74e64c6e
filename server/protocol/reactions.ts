/** What people can show without a word, few on purpose. A page decides how each looks. */
export const REACTIONS = ['agree', 'applause', 'love', 'laugh', 'wave'] as const;

export type Reaction = (typeof REACTIONS)[number];
