import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventually } from './eventually.ts';

/** A loudspeaker that nobody hears, and what is played here comes out of the microphone. */
const DEVICES = [
  'module-null-sink sink_name=loudspeaker sink_properties=device.description=Loudspeaker',
  'module-null-sink sink_name=mouth sink_properties=device.description=Mouth',
  'module-remap-source master=mouth.monitor source_name=microphone source_properties=device.description=Microphone',
];

/**
 * PulseAudio with devices of its own, for programs that want real ones: a loudspeaker, and a
 * microphone into which a recording is spoken over and over.
 */
export class SoundServer implements AsyncDisposable {
  /** For the environment of a program that is to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #resources: AsyncDisposableStack;

  private constructor(socket: string, resources: AsyncDisposableStack) {
    this.environment = {
      PULSE_SERVER: `unix:${socket}`,
      PULSE_SINK: 'loudspeaker',
      PULSE_SOURCE: 'microphone',
    };
    this.#resources = resources;
  }

  /** `samples`: 16 bit, mono, of this rate. */
  static async start(samples: Int16Array, rate: number): Promise<SoundServer> {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'parley-sound-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const socket = join(folder, 'native');
    const modules = [...DEVICES, `module-native-protocol-unix socket=${socket} auth-anonymous=1`];
    const options = ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1'];
    const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
    const start = (command: string, args: readonly string[], input: 'ignore' | 'pipe') => {
      const child = spawn(command, args, { env, stdio: [input, 'ignore', 'ignore'] });
      resources.defer(() => ended(child));
      return child;
    };
    start('pulseaudio', [...options, ...modules.map((module) => `--load=${module}`)], 'ignore');
    await eventually(() => existsSync(socket));
    const format = ['--format=s16le', '--channels=1', `--rate=${rate}`];
    const server = [`--server=unix:${socket}`, '--device=mouth'];
    const mouth = start('pacat', ['--playback', ...server, ...format], 'pipe');
    if (mouth.stdin)
      Readable.from(overAndOver(samples))
        .pipe(mouth.stdin)
        .on('error', () => undefined);
    return new SoundServer(socket, resources.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function* overAndOver(samples: Int16Array): Generator<Buffer> {
  for (;;) yield Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
