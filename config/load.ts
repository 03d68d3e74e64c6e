import { defaults } from './defaults.ts';
import { PREFIX, settings, variableOf } from './environment.ts';
import type { Setting } from './environment.ts';
import { ConfigSchema } from './schema.ts';
import type { Config } from './schema.ts';

/** The configuration cannot be used; the message lists everything that is wrong. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const list = problems.map((problem) => `  - ${problem}`).join('\n');
    super(
      `Parley cannot start with this configuration:\n${list}\n` +
        'All settings are explained in config/defaults/.',
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * The defaults with `PARLEY_*` variables of the environment put over them, frozen. Throws a
 * ConfigError that names every unknown variable and every bad value at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known = new Map(settings(ConfigSchema).map((setting) => [setting.variable, setting]));
  const problems: string[] = [];
  const config: Tree = structuredClone<Tree>(defaults);
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || text === undefined) continue;
    const setting = known.get(variable);
    if (setting) put(config, setting.path, setting.read(text) ?? text);
    else problems.push(unknownVariable(variable, [...known.values()]));
  }
  const parsed = ConfigSchema.safeParse(config);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const keys = path.map(String);
    const variable = [...known.values()].find((setting) =>
      startsWith(keys, setting.path),
    )?.variable;
    problems.push(`${variable ?? variableOf(keys)}: ${message} (${keys.join('.')})`);
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return freeze(parsed.data);
}

interface Tree {
  [key: string]: unknown;
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const branch = tree[key];
  if (isTree(branch)) put(branch, rest, value);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, i) => path[i] === key);
}

/** Names the setting that may have been meant. */
function unknownVariable(variable: string, known: readonly Setting[]): string {
  const last = variable.slice(variable.lastIndexOf('_'));
  const similar = known.map((setting) => setting.variable).filter((name) => name.endsWith(last));
  const hint =
    similar.length > 0 && similar.length <= 3 ? `; did you mean ${similar.join(' or ')}?` : '';
  return `${variable} is not a setting${hint}`;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
