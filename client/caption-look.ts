import { m } from './paraglide/messages.js';

/** How large the words of the caption strip are, smallest first. */
export const captionSizes = ['S', 'M', 'L', 'XL'] as const;
export type CaptionSize = (typeof captionSizes)[number];

/** Colours of the caption strip: words on ground, each 7:1 or better. */
export const captionColours = ['dark', 'light', 'yellow'] as const;
export type CaptionColours = (typeof captionColours)[number];

export const colourNames: Readonly<Record<CaptionColours, () => string>> = {
  dark: m.settings_colours_dark,
  light: m.settings_colours_light,
  yellow: m.settings_colours_yellow,
};

/** The choice a saved text means, or undefined. */
export function matchSize(text: string): CaptionSize | undefined {
  return captionSizes.find((size) => size === text);
}

export function matchColours(text: string): CaptionColours | undefined {
  return captionColours.find((colours) => colours === text);
}
