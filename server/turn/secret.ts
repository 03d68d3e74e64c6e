import { readFile } from 'node:fs/promises';
import { StartError } from '../errors.ts';

const HOW_TO_MAKE = 'To make one: openssl rand -hex 32 > turn-secret; chmod 600 turn-secret';

/**
 * The secret shared with the relay, from a file; white space around it is left out. It is a line of
 * coturn's configuration, which takes quotes away and holds 512 bytes: hence the few signs it may
 * have, which are those of hexadecimal and base64.
 */
export async function readTurnSecret(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StartError(
      `The relay's secret cannot be read from ${path} (PARLEY_TURN_SECRET_FILE). ${HOW_TO_MAKE}`,
      { cause },
    );
  });
  const secret = text.trim();
  if (/^[\w+/=-]{32,500}$/.test(secret)) return secret;
  throw new StartError(
    `The file ${path} (PARLEY_TURN_SECRET_FILE) does not hold a secret for the relay: ` +
      `32 to 500 letters and digits, and of signs only + / = _ and -. ${HOW_TO_MAKE}`,
  );
}
