/** A sample of the text format: its name, perhaps its labels, and the rest. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{)?/;

/** Adds a label to every sample of a Prometheus text. Neither part may need escaping. */
export function labelled(text: string, name: string, value: string): string {
  const label = `${name}="${value}"`;
  return text
    .split('\n')
    .map((line) =>
      line.replace(SAMPLE, (_, metric: string, brace: string | undefined) =>
        brace === undefined ? `${metric}{${label}}` : `${metric}{${label},`,
      ),
    )
    .join('\n');
}

/**
 * Texts of several processes as one, in which the samples of a metric stand together under one
 * header, as the format demands (Prometheus text format 0.0.4). Each metric must begin with its
 * HELP line.
 */
export function merged(texts: readonly string[]): string {
  const families = new Map<string, string[]>();
  for (const text of texts) {
    let lines: string[] = [];
    for (const line of text.split('\n')) {
      if (line.startsWith('# HELP ')) {
        const metric = line.split(' ')[2] ?? '';
        lines = families.get(metric) ?? [];
        families.set(metric, lines);
      }
      const repeated = line.startsWith('#') && lines.includes(line);
      if (line !== '' && !repeated) lines.push(line);
    }
  }
  return [...families.values()].map((lines) => `${lines.join('\n')}\n`).join('\n');
}
