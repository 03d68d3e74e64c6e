import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';

interface Files {
  sources: string[];
  schemas: string[];
  flatcOptions: string[];
}

interface Meson {
  mesonList: (text: string, name: string) => string[];
  flatcOptions: (text: string) => string[];
  workerSources: (directory: string) => Files;
}

interface DtlsFix {
  DTLS_SOURCE: string;
  withDtlsFix: (source: string) => string;
}

interface Ninja {
  ninjaFile: (input: {
    workerDirectory: string;
    includeDirectory: string;
    files: Files;
    replaced: Record<string, string>;
  }) => string;
}

const FOLDER = '../../../server/sfu/worker';
const { mesonList, flatcOptions, workerSources } = await vi.importActual<Meson>(
  `${FOLDER}/meson.mjs`,
);
const { DTLS_SOURCE, withDtlsFix } = await vi.importActual<DtlsFix>(`${FOLDER}/dtls-fix.mjs`);
const { ninjaFile } = await vi.importActual<Ninja>(`${FOLDER}/ninja.mjs`);
const WORKER = join(import.meta.dirname, '../../../node_modules/mediasoup/worker');

describe('meson files', () => {
  test('lists are read with what is added to them, without comments', () => {
    const text = `
      names = [
        'a.cpp', # the first
        # 'left-out.cpp',
        'b.cpp',
      ]
      other_names = ['x']
      if not get_option('some')
        names += ['c.cpp']
      endif`;
    expect(mesonList(text, 'names')).toEqual(['a.cpp', 'b.cpp', 'c.cpp']);
  });

  test('a list that is gone stops the build', () => {
    expect(() => mesonList('names = []', 'sources')).toThrow(/no longer have a list sources/);
  });

  test('flatc gets the options mediasoup gives it, up to the output folder', () => {
    const text = "command : [ flatc, '--cpp', '--filename-suffix', '', '-o', '@OUTDIR@' ]";
    expect(flatcOptions(text)).toEqual(['--cpp', '--filename-suffix', '']);
    expect(() => flatcOptions('command: [ other ]')).toThrow(/no longer call flatc/);
  });

  test('the installed mediasoup has every file they name', () => {
    const { sources, schemas } = workerSources(WORKER);
    const absent = [...sources, ...schemas].filter((path) => !existsSync(join(WORKER, path)));
    expect(absent).toEqual([]);
    expect(sources).toContain('src/main.cpp');
    expect(sources).toContain(DTLS_SOURCE);
    expect(new Set(sources).size).toBe(sources.length);
  });
});

describe('the changed line', () => {
  const source = readFileSync(join(WORKER, DTLS_SOURCE), 'utf8');

  test('is the only change to the installed source', () => {
    const before = source.split('\n');
    const after = withDtlsFix(source).split('\n');
    const changed = after.filter((line, index) => line !== before[index]);
    expect(after).toHaveLength(before.length);
    expect(changed).toEqual([expect.stringContaining('(operationType & BIO_CB_RETURN) ?')]);
  });

  test('is refused when the source is another one, or has it already', () => {
    expect(() => withDtlsFix('int main() {}')).toThrow(/occurs 0 times/);
    expect(() => withDtlsFix(withDtlsFix(source))).toThrow(/occurs 0 times/);
    expect(() => withDtlsFix(source + source)).toThrow(/occurs 2 times/);
  });
});

describe('ninja file', () => {
  const text = ninjaFile({
    workerDirectory: '/a folder/$worker',
    includeDirectory: '/ours',
    files: {
      sources: ['src/a.cpp', 'src/b.cpp'],
      schemas: ['fbs/c.fbs'],
      flatcOptions: ['', '-x'],
    },
    replaced: { 'src/b.cpp': 'changed.cpp' },
  });

  test('compiles a changed copy in place of the source', () => {
    expect(text).toMatch(/^build objects\/src\/b\.cpp\.o: compile changed\.cpp \|/m);
  });

  test('survives odd characters in paths and empty options', () => {
    expect(text).toMatch(
      /^build objects\/src\/a\.cpp\.o: compile \/a\$ folder\/\$\$worker\/src\/a\.cpp/m,
    );
    expect(text).toContain("-I'/a folder/$$worker/include'");
    expect(text).toContain("flatc '' '-x' -o generated/FBS $in");
  });
});
