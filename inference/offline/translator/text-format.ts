/**
 * Apertium's stream format for plain text, as apertium-destxt and apertium-retxt write and read it:
 * reserved characters are escaped, formatting stands in brackets, and a full stop that belongs to
 * nobody ends the text, so that the last sentence is seen as one.
 * https://wiki.apertium.org/wiki/Apertium_stream_format
 */

const END = '.[]';
const RESERVED = /[\\[\]^$@/{}<>]/g;

/** One line of text as a pipeline takes it. Line breaks, NUL and other controls become spaces. */
export function toStream(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.replace(RESERVED, '\\$&').replaceAll('~', '[~]') + END;
}

/** The text in what a pipeline answered, without the marks of words it did not know. */
export function fromStream(stream: string): string {
  return stream
    .replace(/\.?\[\]\s*$/, '')
    .replace(/\\(.)|[[\]]/gsu, (_, escaped: string | undefined) => escaped ?? '')
    .trim();
}
