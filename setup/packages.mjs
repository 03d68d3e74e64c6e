/**
 * The system packages, by what they are for. The second word of each line is how the same thing is
 * recognised on systems that are not Debian: a command, or a file under one of the prefixes.
 */

/** Speech recognition, translation and voices of the offline engine. */
export const FOR_RUNNING = {
  libpocketsphinx3: 'lib/libpocketsphinx.so.3',
  'pocketsphinx-en-us': 'share/pocketsphinx/model/en-us',
  apertium: 'apertium',
  'apertium-eng-spa': 'share/apertium/modes/eng-spa.mode',
  'apertium-eng-cat': 'share/apertium/modes/eng-cat.mode',
  'apertium-en-gl': 'share/apertium/modes/en-gl.mode',
  'apertium-eo-en': 'share/apertium/modes/en-eo.mode',
  'espeak-ng': 'espeak-ng',
  'espeak-ng-data': 'lib/espeak-ng-data',
  'libespeak-ng1': 'lib/libespeak-ng.so.1',
};

/** A relay beside the server: `npm start -- --turn`. */
export const FOR_RELAYING = {
  coturn: 'turnserver',
};

/** Files of sound, which the HTTP API reads and writes where it is switched on. */
export const FOR_FILES = {
  ffmpeg: 'ffmpeg',
};

/** Recordings of speech, which bots say. */
export const FOR_LOADING = {
  'pocketsphinx-testdata': 'share/pocketsphinx/test/data',
};

/** Browsers and their sound devices, recordings of speech, a relay and alerts to try out. */
export const FOR_TESTING = {
  debootstrap: 'debootstrap',
  iproute2: 'ip',
  nftables: 'nft',
  ...FOR_RELAYING,
  ...FOR_FILES,
  'redis-server': 'redis-server',
  prometheus: 'promtool',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  pulseaudio: 'pulseaudio',
  'pulseaudio-utils': 'pacat',
  pocketsphinx: 'pocketsphinx_continuous',
  ...FOR_LOADING,
};

/**
 * For packages of voices, as Silero's are. On other systems Python alone will do: what needs torch is
 * left out then, and the tests say so.
 */
export const FOR_TESTING_VOICES = {
  'python3-torch': 'python3',
};

/** What benchmarks compare Parley with. */
export const FOR_COMPARING = {
  ...FOR_FILES,
  'gstreamer1.0-tools': 'gst-launch-1.0',
  'gstreamer1.0-plugins-base': 'lib/gstreamer-1.0/libgstopus.so',
  'gstreamer1.0-plugins-good': 'lib/gstreamer-1.0/libgstrtpmanager.so',
};

/** Compiling mediasoup's worker. */
export const FOR_BUILDING = {
  'g++': 'g++',
  'ninja-build': 'ninja',
  'flatbuffers-compiler': 'flatc',
  'libflatbuffers-dev': 'include/flatbuffers/flatbuffers.h',
  'libabsl-dev': 'include/absl/base/config.h',
  'libsrtp2-dev': 'include/srtp2/srtp.h',
  'libssl-dev': 'include/openssl/ssl.h',
  'libuv1-dev': 'include/uv.h',
};

/**
 * What a worker that was compiled on Debian 12 loads. It comes with FOR_BUILDING; images are made of
 * a worker without what built it.
 */
export const FOR_COMPILED_WORKER = {
  libabsl20220623: 'lib/libabsl_strings.so.20220623',
  'libsrtp2-1': 'lib/libsrtp2.so.1',
  libssl3: 'lib/libssl.so.3',
  libuv1: 'lib/libuv.so.1',
};

/**
 * What a purpose needs, whatever else is built.
 *
 * @param {'start' | 'test' | 'bench' | 'load' | 'turn' | 'image'} purpose
 */
export function packagesFor(purpose) {
  switch (purpose) {
    case 'start':
      return FOR_RUNNING;
    case 'test':
      return { ...FOR_RUNNING, ...FOR_TESTING, ...FOR_TESTING_VOICES };
    case 'bench':
      return { ...FOR_RUNNING, ...FOR_TESTING, ...FOR_COMPARING };
    case 'load':
      return { ...FOR_RUNNING, ...FOR_LOADING };
    case 'turn':
      return FOR_RELAYING;
    case 'image':
      return {};
    default:
      throw new Error(`nobody knows what is needed for ${purpose}`);
  }
}
