import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { eventually } from './eventually.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Debian's, which python3-torch is for. */
export const PYTHON = '/usr/bin/python3';
const SIDECAR = here('../../inference/silero/sidecar');

/** Why a test that needs Python, and these modules of it, cannot run here; undefined if it can. */
export async function missingPython(...modules: readonly string[]): Promise<string | undefined> {
  try {
    await run(PYTHON, ['-c', modules.map((name) => `import ${name}`).join('\n')]);
    return undefined;
  } catch (error) {
    const last = String(error).trim().split('\n').at(-1) ?? '';
    return `${PYTHON} with ${modules.join(', ')} is not here (${last})`;
  }
}

export interface ToyPackage {
  readonly file: string;
  /** A file that is there once code of the package was run. */
  readonly marker?: string;
  /** A named pipe that has to be written to before it loads. */
  readonly gate?: string;
  /** Pitch in Hz by speaker. */
  readonly voices: Readonly<Record<string, number>>;
}

/** Makes a package of voices with torch.package; resolves to the SHA-256 of its contents. */
export async function makePackage(toy: ToyPackage): Promise<string> {
  await run(PYTHON, ['-B', here('silero_package.py'), JSON.stringify(toy)]);
  return createHash('sha256')
    .update(await readFile(toy.file))
    .digest('hex');
}

/** Hz of a tone with harmonics: its first period after which it is most like itself. */
export function pitchOf({
  audio,
  sampleRate,
}: {
  audio: Float32Array;
  sampleRate: number;
}): number {
  const frame = audio.subarray(0, 4096);
  const likeness = Array.from({ length: Math.ceil(sampleRate / 60) }, (_, lag) => {
    let sum = 0;
    for (let at = 0; at + lag < frame.length; at += 1) {
      sum += (frame[at] ?? 0) * (frame[at + lag] ?? 0);
    }
    return sum / (frame.length - lag);
  });
  const shortest = Math.floor(sampleRate / 400);
  const good = 0.9 * Math.max(...likeness.slice(shortest));
  let lag = likeness.findIndex((value, at) => at >= shortest && value >= good);
  while ((likeness[lag + 1] ?? 0) > (likeness[lag] ?? 0)) lag += 1;
  return sampleRate / lag;
}

const line = z.union([
  z.object({ url: z.string() }),
  z.object({ ready: z.literal(true) }),
  z.object({ refused: z.string() }),
  z.object({ saying: z.string(), speaker: z.string() }),
]);
export type Line = z.infer<typeof line>;

/** A Python process of ours that tells about itself, a JSON object a line. */
export class PythonProcess implements AsyncDisposable {
  readonly lines: Line[] = [];
  /** What it printed for people. */
  printed = '';
  readonly ended: Promise<void>;
  readonly #child;

  private constructor(args: readonly string[]) {
    this.#child = spawn(PYTHON, ['-B', ...args], { stdio: 'pipe' });
    this.#child.stderr.on('data', (piece: Buffer) => (this.printed += piece.toString()));
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', () => {
        resolve();
      });
    });
    createInterface({ input: this.#child.stdout }).on('line', (said) => {
      this.lines.push(line.parse(JSON.parse(said)));
    });
  }

  /** The sidecar's server with a model that needs no torch (silero_toy.py). */
  static async toy(queue: number): Promise<PythonProcess> {
    return PythonProcess.#listening([here('silero_toy.py'), String(queue)]);
  }

  /** The sidecar itself. */
  static async sidecar(settings: object): Promise<PythonProcess> {
    return PythonProcess.#listening([SIDECAR, JSON.stringify(settings)]);
  }

  /** The sidecar as a container runs it, on a port of this machine. */
  static async standalone(models: string, port: number): Promise<PythonProcess> {
    const program = join(SIDECAR, 'standalone.py');
    const listen = `127.0.0.1:${port}`;
    return PythonProcess.#listening([program, '--listen', listen, '--models', models]);
  }

  static async #listening(args: readonly string[]): Promise<PythonProcess> {
    const child = new PythonProcess(args);
    await eventually(() => child.lines.length > 0);
    return child;
  }

  get url(): string {
    return this.lines.flatMap((said) => ('url' in said ? said.url : []))[0] ?? '';
  }

  /** Texts that the toy's model was given, in order. */
  get said(): readonly string[] {
    return this.lines.flatMap((said) => ('saying' in said ? said.saying : []));
  }

  /** Lets the toy go on with a text that waits. */
  release(): void {
    this.#child.stdin.write('\n');
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

export async function namedPipe(path: string): Promise<void> {
  await run('mkfifo', [path]);
}
