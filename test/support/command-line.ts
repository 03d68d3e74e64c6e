import { execFileSync } from 'node:child_process';

/** What Apertium's own command line makes of a sentence: the yardstick for our translations. */
export function apertium(mode: string, text: string): string {
  // Apertium opens /dev/stdin by name, which only a pipe allows; Node would give it a socket.
  const script = 'printf "%s\\n" "$1" | apertium -u "$2"';
  return execFileSync('sh', ['-c', script, 'sh', text, mode], { encoding: 'utf8' }).trim();
}

/** Length of what espeak-ng's command line makes of a text, in milliseconds. */
export function espeakLengthMs(language: string, text: string): number {
  const wav = execFileSync('espeak-ng', ['-v', language, '--stdout', text], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const bytesPerSecond = wav.readUInt32LE(28);
  return ((wav.length - 44) / bytesPerSecond) * 1000;
}
