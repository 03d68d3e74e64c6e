import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/schema.ts';
import type { ServerToMedia } from '../../media/messages.ts';
import { StartError } from '../errors.ts';

/** Servers of models on other machines, as media processes are told of them. */
export type Elsewhere = NonNullable<Extract<ServerToMedia, { type: 'engine' }>['elsewhere']>;

/** Where models run, as it is configured. */
export interface Models {
  /** Options of the inference process; undefined where none runs on this machine. */
  readonly here: object | undefined;
  readonly elsewhere: Elsewhere | undefined;
}

/** Rejects with a StartError when the file of the token cannot be read. */
export async function modelsOf(config: Config['inference']): Promise<Models> {
  const { urls, local, tokenFile, concurrency, queue, ...here } = config;
  if (urls.length === 0) return { here, elsewhere: undefined };
  const fallback = local === 'fallback';
  const token = tokenFile === '' ? undefined : await readToken(tokenFile);
  const elsewhere = { urls, fallback, token, concurrency, queue };
  return { here: fallback ? here : undefined, elsewhere };
}

async function readToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(
      `The file ${file}, which PARLEY_INFERENCE_TOKEN_FILE names, cannot be read.`,
      { cause },
    );
  });
  const token = text.trim();
  // What a header cannot carry would be refused with each request.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new StartError(`The file ${file} (PARLEY_INFERENCE_TOKEN_FILE) does not hold one token.`);
}
