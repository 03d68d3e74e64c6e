import { parseArgs } from 'node:util';
import { CatalogueError } from './catalogue-error.ts';
import { codeOf, freeBytes } from './disk.ts';
import { findModels } from './find.ts';
import { listModels } from './list.ts';
import type { AvailableModel, Catalogue, Model } from './model.ts';
import { modelsDirectory } from './places.ts';
import type { Progress } from './progress.ts';
import { pull, type PullTools } from './pull.ts';
import { removeModel } from './remove-model.ts';
import { survey } from './survey.ts';
import { verify } from './verify.ts';
import { Web } from './web.ts';

const USAGE = `Usage: npm run models -- <command> [options]

  list                    what there is, and what of it is on this machine
  pull <model or set>...  download, check, put in place; goes on where an earlier pull stopped
  verify [<model>...]     read the files again (all that are here, if none is named)
  remove <model or set>...

  --directory <folder>    where models are kept
  --mirror <address>      fetch <address>/<model>/<file> instead of the publisher's address
  --proxy <address>       HTTP proxy; otherwise HTTPS_PROXY, HTTP_PROXY and NO_PROXY count
  --accept-license        accept licences that are otherwise asked about
`;

export const EXIT = {
  done: 0,
  failed: 1,
  absent: 1,
  usage: 2,
  licence: 3,
  interrupted: 130,
} as const;

/** What the commands get from the process they run in. */
export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results; progress and problems go to `progress`. */
  readonly print: (text: string) => void;
  readonly progress: Progress;
  /** Resolves to whether the answer was yes; undefined where there is nobody to ask. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  readonly pause: PullTools['pause'];
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}

type Options = ReturnType<typeof readArguments>;

/** Runs one command to its end and resolves to the process's exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const options = readArguments(args, around.env);
    if (options.help) {
      around.print(USAGE);
      return EXIT.done;
    }
    return await obey(options, around);
  } catch (error) {
    if (around.signal.aborted) {
      around.progress.end();
      around.progress.say('Stopped. What has come is kept: the same command goes on from there.');
      return EXIT.interrupted;
    }
    if (error instanceof CatalogueError) {
      around.progress.say(error.message);
      return EXIT[error.kind];
    }
    if (codeOf(error) === undefined || !(error instanceof Error)) throw error;
    around.progress.say(error.message);
    return EXIT.failed;
  }
}

async function obey(options: Options, around: Surroundings): Promise<number> {
  const { command, ids, directory } = options;
  const { catalogue, print, progress, signal } = around;
  const models = findModels(catalogue, ids);
  switch (command) {
    case 'list':
      print(await listModels(directory, catalogue));
      return EXIT.done;
    case 'pull':
      return pullAll(needed(models), options, around);
    case 'verify':
      return verifyAll(models.length > 0 ? models : catalogue.models, options, around);
    case 'remove':
      for (const model of needed(models)) {
        const onWait = (holder: string): void => {
          progress.say(`${model.id}: another command is at work (${holder}); waiting for it`);
        };
        const left = await removeModel(directory, model, { signal, onWait });
        print(
          left === undefined
            ? `${model.id} is removed\n`
            : `${model.id} is removed; ${left} has files of others, which stay\n`,
        );
      }
      return EXIT.done;
    default:
      throw usage(command === '' ? 'What is to be done?' : `There is no command "${command}".`);
  }
}

async function pullAll(
  models: readonly Model[],
  options: Options,
  around: Surroundings,
): Promise<number> {
  await using web = new Web({ proxy: options.proxy });
  const { progress, ask, pause, signal } = around;
  const tools: PullTools = {
    web,
    progress,
    pause,
    signal,
    freeBytes,
    mirror: options.mirror,
    acceptLicence: async ({ id, licence }) => {
      progress.say(`${id} is under ${licence.name}. ${licence.words}`);
      if (options.acceptLicence) return true;
      return (await ask?.('Do you accept this licence? [y/N] ')) ?? false;
    },
  };
  for (const model of models) if (model.available) await pull(options.directory, model, tools);
  const unavailable = models.flatMap((model) => (model.available ? [] : [model]));
  for (const { id, reason } of unavailable) progress.say(`${id} is not available yet: ${reason}.`);
  return unavailable.length > 0 ? EXIT.failed : EXIT.done;
}

async function verifyAll(
  models: readonly Model[],
  options: Options,
  around: Surroundings,
): Promise<number> {
  let code: number = EXIT.done;
  const here: AvailableModel[] = [];
  for (const model of models) {
    const absent = !model.available || (await survey(options.directory, model)).state === 'absent';
    if (model.available && !absent) here.push(model);
    else if (options.ids.length > 0) {
      around.print(`${model.id}: not here\n`);
      code = EXIT.failed;
    }
  }
  for (const model of here) {
    const problems = await verify(options.directory, model, around);
    around.print(`${model.id}: ${problems.length === 0 ? 'as it should be' : 'not to be used'}\n`);
    for (const problem of problems) around.print(`  ${problem}\n`);
    if (problems.length === 0) continue;
    around.print(`  Run \`npm run models -- pull ${model.id}\`.\n`);
    code = EXIT.failed;
  }
  if (models.length > 0 && here.length === 0) around.print('No models are here.\n');
  return code;
}

function readArguments(args: readonly string[], env: Surroundings['env']) {
  const { values, positionals } = parse(args);
  const [command = '', ...ids] = positionals;
  return {
    command,
    ids,
    help: values.help === true,
    directory: values.directory ?? modelsDirectory(env),
    mirror: values.mirror === undefined ? undefined : mirrorBase(values.mirror),
    proxy: values.proxy === undefined ? undefined : proxyAddress(values.proxy),
    acceptLicence: values['accept-license'] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        directory: { type: 'string' },
        mirror: { type: 'string' },
        proxy: { type: 'string' },
        'accept-license': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (codeOf(error)?.startsWith('ERR_PARSE_ARGS') && error instanceof Error) {
      throw usage(error.message);
    }
    throw error;
  }
}

function mirrorBase(text: string): string {
  const url = URL.parse(text);
  const plain = url && !url.search && !url.hash && !url.username && !url.password;
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw usage('--mirror needs an address such as https://models.example.org/parley.');
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function proxyAddress(text: string): string {
  const url = URL.parse(text);
  // Without repeating it: it may hold a password.
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw usage('--proxy needs an address such as http://proxy.example.org:3128.');
  }
  return url.href;
}

function needed(models: readonly Model[]): readonly Model[] {
  if (models.length === 0) throw usage('Which models? `list` names them.');
  return models;
}

function usage(problem: string): CatalogueError {
  return new CatalogueError('usage', problem, `\n${USAGE}`);
}
