import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A short hash of the names and contents of files.
 *
 * @param {string} root
 * @param {string[]} paths files and folders below the root
 * @param {string[]} [except] paths below the root to leave out
 */
export function hashOf(root, paths, except = []) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((each) => filesBelow(root, each, except))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

function filesBelow(root, path, except) {
  if (except.includes(path)) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesBelow(root, `${path}/${name}`, except));
}
