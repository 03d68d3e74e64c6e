import { parseArgs } from 'node:util';
import { z } from 'zod';
import { makeToken, readTokens, Scope, writeTokens } from './token-file.ts';
import type { TokenEntry } from './token-file.ts';

const DAY_MS = 86_400_000;

const USAGE = `Usage: node server/api/token.ts <command> [options]

  create --name <who> --scope <what>[,<what>...] [--days <number>]
                     makes a token and prints it, once; the file keeps a hash of it
  list               whose tokens there are, and what they may do
  revoke <id>        a running server knows within a second

  --file <file>      the token file; otherwise PARLEY_API_TOKENS_FILE names it
  --scope            ${Scope.options.join(', ')}
  --days             after which the token is no longer valid; left out: never
`;

class UsageError extends Error {}

/** The tokens of the HTTP API. Exit codes: 0 done, 1 failed, 2 not understood. */
try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const unclear = error instanceof UsageError;
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(unclear ? `${why}\n\n${USAGE}` : `${why}\n`);
  process.exitCode = unclear ? 2 : 1;
}

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args);
  const [command = '', id = ''] = positionals;
  if (values.help || command === '') return USAGE;
  const file = values.file ?? process.env['PARLEY_API_TOKENS_FILE'];
  if (!file) throw new UsageError('Which file? Name it with --file.');
  switch (command) {
    case 'create':
      return create(file, values);
    case 'list':
      return (await readTokens(file)).map(row).join('');
    case 'revoke':
      return revoke(file, id);
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

async function create(
  file: string,
  { name, scope = '', days }: ReturnType<typeof parse>['values'],
): Promise<string> {
  const scopes = z
    .array(Scope)
    .min(1)
    .safeParse(scope.split(',').map((each) => each.trim()));
  if (!scopes.success) throw new UsageError(`--scope is some of: ${Scope.options.join(', ')}.`);
  if (!name) throw new UsageError('Whose token is it? Say so with --name.');
  const lifetime = z.coerce.number().positive().max(36_500).optional().safeParse(days);
  if (!lifetime.success) throw new UsageError('--days is a number of days.');
  const createdAt = new Date();
  const { token, entry } = makeToken({
    ...{ name, scopes: [...new Set(scopes.data)], createdAt },
    expiresAt: lifetime.data ? new Date(createdAt.getTime() + lifetime.data * DAY_MS) : undefined,
  });
  await writeTokens(file, [...(await readOrNone(file)), entry]);
  process.stderr.write(`This is all that is ever shown of it. Kept in ${file}: a hash.\n`);
  return `${token}\n`;
}

async function revoke(file: string, id: string): Promise<string> {
  const tokens = await readTokens(file);
  const left = tokens.filter((token) => token.id !== id);
  if (left.length === tokens.length) throw new UsageError(`There is no token ${id}.`);
  await writeTokens(file, left);
  return `${id} is revoked\n`;
}

async function readOrNone(file: string): Promise<readonly TokenEntry[]> {
  try {
    return await readTokens(file);
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (absent) return [];
    throw error;
  }
}

function row({ id, name, scopes, createdAt, expiresAt }: TokenEntry): string {
  const until = expiresAt === undefined ? '' : `, until ${expiresAt.slice(0, 10)}`;
  return `${id}  ${name}: ${scopes.join(', ')} (since ${createdAt.slice(0, 10)}${until})\n`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ file: { type: 'string' }, name: { type: 'string' }, scope: { type: 'string' } },
        ...{ days: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
