import koffi, { type KoffiFunc } from 'koffi';

/** A pointer into native memory. */
export type Pointer = bigint;

koffi.config({ async_stack_size: 1024 * 1024 });

const sphinxbase = koffi.load('libsphinxbase.so.3');
const pocketsphinx = koffi.load('libpocketsphinx.so.3');

type Fn<A extends unknown[], R> = KoffiFunc<(...args: A) => R>;

export const psArgs: Fn<[], Pointer> = pocketsphinx.func('void *ps_args()');
export const cmdLnParse: Fn<
  [inout: null, defn: Pointer, argc: number, argv: readonly string[], strict: number],
  Pointer | null
> = sphinxbase.func(
  'void *cmd_ln_parse_r(void *inout, void *defn, int32_t argc, const char **argv, int32_t strict)',
);
export const psInit: Fn<[config: Pointer], Pointer | null> = pocketsphinx.func(
  'void *ps_init(void *config)',
);
export const psGetFeat: Fn<[ps: Pointer], Pointer> = pocketsphinx.func(
  'void *ps_get_feat(void *ps)',
);
/** Forgets the noise level and the speech detection of earlier audio. */
export const psStartStream: Fn<[ps: Pointer], number> = pocketsphinx.func(
  'int ps_start_stream(void *ps)',
);
export const psStartUtt: Fn<[ps: Pointer], number> = pocketsphinx.func(
  'int ps_start_utt(void *ps)',
);
export const psProcessRaw: Fn<
  [ps: Pointer, pcm: Int16Array, samples: number, noSearch: number, fullUtt: number],
  number
> = pocketsphinx.func(
  'int ps_process_raw(void *ps, const int16_t *pcm, size_t samples, int no_search, int full_utt)',
);
export const psEndUtt: Fn<[ps: Pointer], number> = pocketsphinx.func('int ps_end_utt(void *ps)');
export const psGetHyp: Fn<[ps: Pointer, score: null], string | null> = pocketsphinx.func(
  'const char *ps_get_hyp(void *ps, int32_t *score)',
);
/** Log posterior of the best path, in units of ln(1.0001). */
export const psGetProb: Fn<[ps: Pointer], number> = pocketsphinx.func(
  'int32_t ps_get_prob(void *ps)',
);

export const feInit: Fn<[config: Pointer], Pointer | null> = sphinxbase.func(
  'void *fe_init_auto_r(void *config)',
);
export const feStartStream: Fn<[fe: Pointer], void> = sphinxbase.func(
  'void fe_start_stream(void *fe)',
);
export const feStartUtt: Fn<[fe: Pointer], number> = sphinxbase.func('int fe_start_utt(void *fe)');
export const feProcessUtt: Fn<
  [
    fe: Pointer,
    pcm: Int16Array,
    samples: number,
    cepstra: [Pointer | null],
    frames: [number | null],
  ],
  number
> = sphinxbase.func(
  'int fe_process_utt(void *fe, const int16_t *pcm, size_t samples, _Out_ void **cepstra, _Out_ int32_t *frames)',
);
export const feFree2d: Fn<[cepstra: Pointer], void> = sphinxbase.func('void fe_free_2d(void *p)');
export const cmnLiveSet: Fn<[cmn: Pointer, mean: Float32Array], void> = sphinxbase.func(
  'void cmn_live_set(void *cmn, const float *mean)',
);

/** The start of sphinxbase 5prealpha's `feat_t` (sphinxbase/feat.h), which has no accessors. */
const feature = koffi.struct('feat_t', {
  refcount: 'int',
  name: 'void *',
  cepsize: 'int32_t',
  n_stream: 'int32_t',
  stream_len: 'void *',
  window_size: 'int32_t',
  n_sv: 'int32_t',
  sv_len: 'void *',
  subvecs: 'void *',
  sv_buf: 'void *',
  sv_dim: 'int32_t',
  cmn: 'int32_t',
  varnorm: 'int32_t',
  agc: 'int32_t',
  compute_feat: 'void *',
  cmn_struct: 'void *',
});
/** The start of sphinxbase 5prealpha's `cmn_t` (sphinxbase/cmn.h). */
const cepstralMean = koffi.struct('cmn_t', {
  cmn_mean: 'void *',
  cmn_var: 'void *',
  sum: 'void *',
  nframe: 'int32_t',
  veclen: 'int32_t',
});

/** Number of cepstral coefficients in a frame. */
export const CEPSTRA = 13;

/** The decoder's cepstral mean normalisation, for `cmnLiveSet`. */
export function cepstralMeanOf(decoder: Pointer): Pointer {
  const feat = record(koffi.decode(psGetFeat(decoder), feature));
  const cmn = feat['cmn_struct'];
  if (feat['cepsize'] !== CEPSTRA || typeof cmn !== 'bigint') throw wrongLayout();
  if (record(koffi.decode(cmn, cepstralMean))['veclen'] !== CEPSTRA) throw wrongLayout();
  return cmn;
}

/** `frames` rows of CEPSTRA floats, copied out of what `feProcessUtt` made. */
export function readCepstra(cepstra: Pointer, frames: number): Float32Array {
  const rows: unknown = koffi.decode(cepstra, 'void *');
  return new Float32Array(koffi.view(rows, frames * CEPSTRA * 4)).slice();
}

/** Makes the call on another thread. The caller sees to it that no two calls share a decoder. */
export function onThread<A extends unknown[], R>(fn: Fn<A, R>, ...args: A): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  fn.async(...args, (error: unknown, result: R) => {
    if (error) reject(error instanceof Error ? error : new Error('the native call failed'));
    else resolve(result);
  });
  return promise;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function wrongLayout(): Error {
  return new Error('libsphinxbase.so.3 is not the version this program knows (5prealpha).');
}
