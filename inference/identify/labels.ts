/** Codes of an older standard that VoxLingua107 kept, by those of today. */
const RENAMED: Readonly<Record<string, string>> = { iw: 'he', jw: 'jv' };

/** A line of SpeechBrain's label encoder: `'ab: Abkhazian' => 0`. */
const NUMBERED = /^'([^']+)' => (\d+)$/;
/** A code, and perhaps the language's name: `ab` or `ab: Abkhazian`. */
const LABEL = /^([a-z]{2,3})(?::.*)?$/;

/**
 * The languages that an identifier's figures are about, in their order: ISO 639 codes. Reads
 * SpeechBrain's label_encoder.txt, and lists with one label a line. Throws an Error that says what is
 * wrong.
 */
export function parseLabels(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const numbered = lines.some((line) => NUMBERED.test(line));
  const labels = numbered ? inOrder(lines) : lines.filter((line) => line !== '');
  const codes = labels.map(codeOf);
  if (codes.length < 2) throw new Error('has fewer than two languages');
  const twice = codes.find((code, at) => codes.indexOf(code) !== at);
  if (twice !== undefined) throw new Error(`has '${twice}' twice`);
  return codes;
}

/** What follows the line of equal signs is the encoder's own bookkeeping. */
function inOrder(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => line.startsWith('==='));
  const labels = new Map<number, string>();
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    if (line === '') continue;
    const [, label, number] = NUMBERED.exec(line) ?? [];
    if (label === undefined) throw new Error(`has a line that is no label: ${line.slice(0, 40)}`);
    labels.set(Number(number), label);
  }
  return Array.from(labels, (_, at) => {
    const label = labels.get(at);
    if (label === undefined) throw new Error(`has no label for the number ${at}`);
    return label;
  });
}

function codeOf(label: string): string {
  const code = LABEL.exec(label)?.[1];
  if (code === undefined) throw new Error(`has a line that is no label: ${label.slice(0, 40)}`);
  return RENAMED[code] ?? code;
}
