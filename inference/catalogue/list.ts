import type { Catalogue, Model } from './model.ts';
import { placesOf } from './places.ts';
import { survey } from './survey.ts';
import { bytesInWords } from './words.ts';

const HEAD = ['model', 'languages', 'disk', 'memory', 'licence', 'state', 'what it does'];

/** The catalogue as a table, and below it the sets and whatever is wrong. */
export async function listModels(directory: string, catalogue: Catalogue): Promise<string> {
  const rows = [HEAD];
  const remarks: string[] = [];
  for (const model of catalogue.models) {
    const { state, problems } = await stateOf(directory, model);
    rows.push([
      model.id,
      languagesInWords(model.languages),
      model.disk === undefined ? '?' : bytesInWords(model.disk),
      model.memory === undefined ? '?' : bytesInWords(model.memory),
      model.licence.name,
      state,
      model.purpose,
    ]);
    remarks.push(...problems);
  }
  const sets = catalogue.sets.map(
    (set) => `  ${set.id}: ${set.purpose} (${set.models.join(', ')})`,
  );
  return [
    ...table(rows),
    '',
    'Sets, which pull takes as well:',
    ...sets,
    '',
    ...licences(catalogue),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
    '',
    `They are kept in ${directory}. "?": not known, or not measured yet.`,
    '',
  ].join('\n');
}

async function stateOf(
  directory: string,
  model: Model,
): Promise<{ readonly state: string; readonly problems: readonly string[] }> {
  if (!model.available) {
    return {
      state: 'not available yet',
      problems: [`${model.id} is not available yet: ${model.reason}.`],
    };
  }
  const { state, problems, bytes } = await survey(directory, model);
  switch (state) {
    case 'here':
      return { state: 'here', problems };
    case 'partly':
      return { state: `partly (${bytesInWords(bytes)})`, problems: [] };
    case 'absent':
      return { state: 'not here', problems: [] };
    case 'damaged': {
      const { folder } = placesOf(directory, model.id);
      const remedy = `Pull ${model.id} again, once nothing foreign is in ${folder}.`;
      return { state: 'damaged', problems: [...problems, remedy] };
    }
  }
}

/** What each licence means, once each. */
function licences(catalogue: Catalogue): readonly string[] {
  const words = new Map(catalogue.models.map(({ licence }) => [licence.name, licence]));
  return [
    'Licences:',
    ...[...words.values()].map(
      ({ name, words, ask }) => `  ${name}: ${words}${ask ? ' Pulling it asks.' : ''}`,
    ),
  ];
}

function languagesInWords(languages: readonly string[]): string {
  if (languages.length === 0) return '-';
  return languages.length <= 5 ? languages.join(' ') : String(languages.length);
}

/** Columns as wide as their widest cell; the last is left as it is. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
