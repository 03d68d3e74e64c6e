import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes have been read so far. */
  readonly onBytes?: (done: number) => void;
}

/** The SHA-256 of a file in lower-case hex, read piece by piece. */
export async function sha256(path: string, { signal, onBytes }: HashOptions = {}): Promise<string> {
  const hash = createHash('sha256');
  const pieces: AsyncIterable<Buffer> = createReadStream(path, {
    highWaterMark: 1 << 20,
    ...(signal ? { signal } : {}),
  });
  let done = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    done += piece.length;
    onBytes?.(done);
  }
  return hash.digest('hex');
}
