import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LINUX_CABLE, LINUX_REMOVAL } from '../../client/routing-guide.ts';
import { sentence } from '../support/speech.ts';
import { SoundServer } from '../support/sound-server.ts';

/** The commands that the guide gives for Linux, typed into a terminal beside a real sound server. */
const resources = new AsyncDisposableStack();
const RATE = 16_000;
const voice = Int16Array.from(sentence('0880').audio, (sample) => sample * 32_767);
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const sound = resources.use(await SoundServer.start(voice, RATE));
  env = { ...process.env, ...sound.environment };
});

afterAll(() => resources.disposeAsync());

async function type(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
  return stdout;
}

test('the cable appears as an output and a microphone with the names that the guide gives', async () => {
  for (const command of LINUX_CABLE) await type(command);
  expect(await type('pactl list sinks')).toContain('Description: Parley\n');
  expect(await type('pactl list sources')).toContain('Description: Parley-microphone\n');
});

test('what is played into it is heard from the microphone', async () => {
  const format = ['--format=s16le', '--channels=1', `--rate=${RATE}`];
  const player = spawn('pacat', ['--playback', '--device=parley', ...format], {
    ...{ env, stdio: ['pipe', 'ignore', 'ignore'] },
  });
  const microphone = spawn('parec', ['--device=parley_microphone', ...format], {
    ...{ env, stdio: ['ignore', 'pipe', 'ignore'] },
  });
  // Players that are ended refuse the rest.
  player.stdin.on('error', () => undefined);
  player.stdin.end(Buffer.from(voice.buffer, voice.byteOffset, voice.byteLength));
  const { promise: heard, resolve } = Promise.withResolvers<number>();
  microphone.stdout.on('data', (chunk: Buffer) => {
    const loudest = peak(chunk);
    if (loudest > 1_000) resolve(loudest);
  });
  expect(await heard).toBeGreaterThan(1_000);
  for (const child of [player, microphone]) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }
});

test('the commands that take it away leave none of it', async () => {
  for (const command of LINUX_REMOVAL) await type(command);
  const left = (await type('pactl list short sinks')) + (await type('pactl list short sources'));
  expect(left).not.toContain('parley');
});

/** Of 16-bit samples; a chunk may end within one. */
function peak(chunk: Buffer): number {
  let highest = 0;
  for (let at = 0; at + 1 < chunk.length; at += 2) {
    highest = Math.max(highest, chunk.readInt16LE(at));
  }
  return highest;
}
