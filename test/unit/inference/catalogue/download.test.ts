import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { contents, Stage } from './stage.ts';

test('a line that breaks is gone on from where it broke, however often', async () => {
  await using stage = await Stage.create();
  const cut = { after: 25_000, times: 7, seenIn: stage.part('onnx/weights.onnx') };
  stage.server.manners.set('/weights.onnx', { cut });

  await stage.pull();

  expect(await readFile(stage.path('onnx/weights.onnx'))).toEqual(stage.weights);
  expect(stage.server.sent).toBe(stage.weights.length + stage.vocabulary.length);
  expect(stage.server.requests.filter((request) => request.includes('bytes='))).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((times) => `GET /weights.onnx bytes=${times * 25_000}-`),
  );
});

test('a pull that was stopped is gone on from by the next', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { stall: 70_000 });
  const stopped = stage.pull();
  await stage.server.stalled();
  await hasBytes(stage.part('onnx/weights.onnx'), 70_000);
  stage.stop.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  expect(existsSync(stage.path('onnx/weights.onnx'))).toBe(false);

  stage.server.manners.clear();
  await stage.pull(stage.model(), { signal: new AbortController().signal });

  expect(stage.server.requests[1]).toBe('GET /weights.onnx bytes=70000-');
  expect(await readFile(stage.path('onnx/weights.onnx'))).toEqual(stage.weights);
});

test.each([
  // Only a strong one may stand in If-Range (RFC 9110, 13.1.5); a weak one is compared when it comes.
  ['told by a strong ETag', '"1"', '"2"', 1],
  ['told by a weak ETag', 'W/"1"', 'W/"2"', 2],
])('parts of two versions, %s, are not put together', async (_, before, after, requests) => {
  await using stage = await Stage.create();
  const cut = { after: 500, times: 1, seenIn: stage.part('vocab.txt') };
  stage.server.manners.set('/vocab.txt', { etag: before, cut });
  const newer = contents(3, 900);

  await stage.pull(stage.model(), {
    pause: () => {
      stage.server.files.set('/vocab.txt', newer);
      stage.server.manners.set('/vocab.txt', { etag: after });
      return Promise.resolve();
    },
  });

  expect(await readFile(stage.path('vocab.txt'))).toEqual(newer);
  expect(stage.server.requests.slice(2)).toHaveLength(requests);
});

test('a server that tells no versions is asked for everything, unless the contents are known', async () => {
  await using stage = await Stage.create();
  for (const name of ['onnx/weights.onnx', 'vocab.txt']) {
    const cut = { after: 500, times: 1, seenIn: stage.part(name) };
    stage.server.manners.set(`/${basename(name)}`, { etag: undefined, cut });
  }

  await stage.pull();

  expect(stage.server.requests).toEqual([
    'GET /weights.onnx',
    'GET /weights.onnx bytes=500-',
    'GET /vocab.txt',
    'GET /vocab.txt',
  ]);
});

test('a server without ranges sends everything again', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', {
    rangeless: true,
    cut: { after: 500, times: 2, seenIn: stage.part('onnx/weights.onnx') },
  });

  await stage.pull();

  expect(await readFile(stage.path('onnx/weights.onnx'))).toEqual(stage.weights);
});

test('a part that is longer than the file is thrown away', async () => {
  await using stage = await Stage.create();
  await mkdir(join(stage.directory, '.pulling/toy/onnx'), { recursive: true });
  await writeFile(stage.part('onnx/weights.onnx'), contents(9, 300_000));
  await writeFile(`${stage.part('onnx/weights.onnx')}.origin`, '{"version":"\\"1\\""}');

  await stage.pull();

  expect(stage.server.requests.slice(0, 2)).toEqual([
    'GET /weights.onnx bytes=300000-',
    'GET /weights.onnx',
  ]);
});

test('a file of another size than its publisher tells is not even downloaded', async () => {
  await using stage = await Stage.create();

  await expect(stage.pull(stage.weightsAlone({ bytes: 199_999 }))).rejects.toThrow(
    /the server has 200000 bytes, and it should be 199999/,
  );
  expect(existsSync(stage.part('weights.onnx'))).toBe(false);
});

test('a server that never stops sending is cut off', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { sizeless: true });

  await expect(stage.pull(stage.weightsAlone({ bytes: 1000 }))).rejects.toThrow(
    /sends more than it said/,
  );
});

test('a file that is not there is said to be so at once', async () => {
  await using stage = await Stage.create();
  stage.server.files.delete('/weights.onnx');

  await expect(stage.pull()).rejects.toThrow(
    /127\.0\.0\.1:\d+\/weights\.onnx: there is no such file \(404\)\.\n.*--mirror/,
  );
  expect(stage.server.requests).toHaveLength(1);
});

test.each([
  [
    'a web page, as of a network that wants a login',
    { 'content-type': 'text/html; charset=utf-8' },
  ],
  ['something packed', { 'content-encoding': 'gzip' }],
])('%s is not taken for a file', async (_, headers) => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { headers });

  await expect(stage.pull(stage.weightsAlone())).rejects.toThrow(/instead of the file/);
  expect(existsSync(stage.part('weights.onnx'))).toBe(false);
});

test('a server that is busy is left alone for as long as it asks', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { statuses: [503], headers: { 'retry-after': '7' } });

  await stage.pull();

  expect(stage.pauses).toEqual([7000]);
});

test('a line that keeps breaking without bringing anything is given up', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', {
    cut: { after: 0, times: 1000, seenIn: stage.part('onnx/weights.onnx') },
  });

  await expect(stage.pull()).rejects.toThrow(/5 times in a row\. 0 bytes are kept/);
  expect(stage.pauses).toEqual([1000, 2000, 4000, 8000]);
});

test('a server that cannot be reached is named', async () => {
  await using stage = await Stage.create();
  const model = stage.weightsAlone({ url: 'http://127.0.0.1:9/weights.onnx' });

  await expect(stage.pull(model)).rejects.toThrow(
    /127\.0\.0\.1:9: .*ECONNREFUSED.*5 times in a row/,
  );
});

test('redirections are followed, with the range', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { redirect: '/store/weights' });
  stage.server.files.set('/store/weights', stage.weights);
  stage.server.manners.set('/store/weights', {
    cut: { after: 1000, times: 1, seenIn: stage.part('onnx/weights.onnx') },
  });

  await stage.pull();

  expect(stage.server.requests[3]).toBe('GET /store/weights bytes=1000-');
});

test.each([
  ['in a circle', { '/weights.onnx': '/a', '/a': '/b', '/b': '/a' }, /in a circle/],
  [
    'without end',
    Object.fromEntries([
      ['/weights.onnx', '/1'],
      ...Array.from({ length: 20 }, (_, i) => [`/${i}`, `/${i + 1}`]),
    ]) as Record<string, string>,
    /without end/,
  ],
  ['to what is not the web', { '/weights.onnx': 'file:///etc/passwd' }, /not a safe address/],
])('redirections %s are an error', async (_, redirects, message) => {
  await using stage = await Stage.create();
  for (const [from, to] of Object.entries(redirects)) {
    stage.server.manners.set(from, { redirect: to });
  }

  await expect(stage.pull()).rejects.toThrow(message);
  expect(stage.pauses).toEqual([]);
});

test('nothing is fetched when the disk has no room for all of it', async () => {
  await using stage = await Stage.create();

  await expect(
    stage.pull(stage.model(), { freeBytes: () => Promise.resolve(199_999) }),
  ).rejects.toThrow(/not enough room: 200 kB are to come, 200 kB are free.*\n.*--directory/);
  expect(stage.server.requests).toEqual([]);
});

test('a file whose size nobody knew is not begun when it turns out to be too large', async () => {
  await using stage = await Stage.create();

  await expect(
    stage.pull(stage.weightsAlone(), { freeBytes: () => Promise.resolve(199_999) }),
  ).rejects.toThrow(/not enough room/);
  expect(existsSync(stage.part('weights.onnx'))).toBe(false);
});

test('what has come already needs no room', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { stall: 70_000 });
  const stopped = stage.pull();
  await stage.server.stalled();
  await hasBytes(stage.part('onnx/weights.onnx'), 70_000);
  stage.stop.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  stage.server.manners.clear();

  await stage.pull(stage.model(), {
    signal: new AbortController().signal,
    freeBytes: () => Promise.resolve(130_000),
  });
});

const canMount = process.getuid?.() === 0 && mounts();
test.skipIf(!canMount)(
  canMount
    ? 'a disk that fills up keeps what has come'
    : 'SKIPPED: mounting a small disk needs root',
  async () => {
    await using stage = await Stage.create();
    await using disk = mounted(stage.directory, '128k');
    // Its size is not known, so nobody can tell beforehand.
    stage.server.manners.set('/weights.onnx', { sizeless: true });

    await expect(stage.pull(stage.weightsAlone())).rejects.toThrow(
      /weights\.onnx: the disk is full\. \d+ kB of it are kept\.\nMake room/,
    );
    expect((await stat(stage.part('weights.onnx'))).size).toBeGreaterThan(50_000);
    expect(existsSync(stage.path('weights.onnx'))).toBe(false);

    disk.grow('1m');
    await stage.pull(stage.weightsAlone());
    expect(await readFile(stage.path('weights.onnx'))).toEqual(stage.weights);
    expect(stage.server.requests.at(-1)).toMatch(/bytes=\d+-/);
  },
);

/** Resolves once a file has so many bytes: what was sent has been written. */
async function hasBytes(path: string, bytes: number): Promise<void> {
  await expect.poll(async () => (await stat(path)).size).toBe(bytes);
}

function mounts(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A disk of its own, with this much room, over a folder. */
function mounted(folder: string, size: string): AsyncDisposable & { grow(to: string): void } {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  return {
    grow: (to) => execFileSync('mount', ['-o', `remount,size=${to}`, folder]),
    [Symbol.asyncDispose]: () => {
      execFileSync('umount', ['--lazy', folder]);
      return Promise.resolve();
    },
  };
}
