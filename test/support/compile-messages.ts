import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the modules of the client say is compiled before any test imports them. */
export default function compileMessages(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../setup/compile-messages.mjs')]);
}
