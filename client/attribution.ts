import { BUILT_IN } from './engine-name.ts';

/** A work of others that Parley runs or can run. */
export interface Work {
  readonly name: string;
  readonly by: string;
  readonly licence: string;
  readonly url: string;
  /** What was changed, where the licence asks for that. */
  readonly changed?: string;
  /** What it is called in the catalogue of models, and as an engine. */
  readonly ids?: readonly string[];
}

export interface WorkGroup {
  readonly title: string;
  readonly text: string;
  readonly works: readonly Work[];
}

const CONVERTED = 'converted to ONNX by istupakov';

/** Everything that makes, translates or speaks words here, and what carries them. */
export const attribution: readonly WorkGroup[] = [
  {
    title: 'Models that hear and translate',
    text: 'One of them runs where its files are on the server; otherwise the built-in engine below.',
    works: [
      {
        ...{ name: 'Canary 1B v2', by: 'NVIDIA', licence: 'CC-BY-4.0' },
        url: 'https://huggingface.co/nvidia/canary-1b-v2',
        changed: `${CONVERTED}, also to 8-bit numbers`,
        ids: ['canary', 'canary-1b-v2', 'canary-1b-v2-int8'],
      },
      {
        ...{ name: 'Canary 180M Flash', by: 'NVIDIA', licence: 'CC-BY-4.0' },
        url: 'https://huggingface.co/nvidia/canary-180m-flash',
        changed: `${CONVERTED} and to 8-bit numbers`,
        ids: ['canary-180m-flash-int8'],
      },
    ],
  },
  {
    title: 'The built-in engine',
    text: 'What runs without any download: small, for few languages, and simple voices.',
    works: [
      {
        ...{ name: 'PocketSphinx and its English model', by: 'Carnegie Mellon University' },
        ...{ licence: 'BSD-2-Clause', url: 'https://github.com/cmusphinx/pocketsphinx' },
        ids: [BUILT_IN],
      },
      {
        ...{ name: 'Apertium and its dictionaries', by: 'the Apertium project' },
        ...{ licence: 'GPL-2.0 and GPL-3.0', url: 'https://www.apertium.org' },
        ids: [BUILT_IN],
      },
      {
        ...{ name: 'eSpeak NG', by: 'the eSpeak NG authors', licence: 'GPL-3.0 or later' },
        url: 'https://github.com/espeak-ng/espeak-ng',
        ids: [BUILT_IN],
      },
    ],
  },
  {
    title: 'Voices, texts and languages',
    text: 'Used beside either of them where their files are on the server.',
    works: [
      {
        ...{ name: 'Supertonic 3', by: 'Supertone', licence: 'OpenRAIL-M' },
        url: 'https://huggingface.co/Supertone/supertonic-3',
        ids: ['supertonic-3'],
      },
      {
        ...{ name: 'Silero voices for Russian and English', by: 'Silero', licence: 'CC-BY-NC' },
        url: 'https://github.com/snakers4/silero-models',
        ids: ['silero-ru', 'silero-en'],
      },
      {
        ...{ name: 'Silero voices for other languages', by: 'Silero', licence: 'MIT' },
        url: 'https://github.com/snakers4/silero-models',
        ids: ['silero-cis'],
      },
      {
        ...{ name: 'M2M100 418M', by: 'Meta AI', licence: 'MIT' },
        url: 'https://huggingface.co/facebook/m2m100_418M',
        changed: 'converted to ONNX by Xenova',
        ids: ['m2m100-418m'],
      },
      {
        ...{ name: 'VoxLingua107 ECAPA-TDNN', by: 'SpeechBrain', licence: 'Apache-2.0' },
        url: 'https://huggingface.co/speechbrain/lang-id-voxlingua107-ecapa',
        changed: 'converted to ONNX',
        ids: ['voxlingua107-ecapa'],
      },
      {
        ...{ name: 'Silero VAD', by: 'Silero', licence: 'MIT' },
        url: 'https://github.com/snakers4/silero-vad',
        ids: ['silero-vad-v6'],
      },
    ],
  },
  {
    title: 'What carries them',
    text: 'The largest parts that Parley stands on; package.json in its source names all.',
    works: [
      {
        ...{ name: 'mediasoup', by: 'Iñaki Baz Castillo, José Luis Millán and others' },
        ...{ licence: 'ISC', url: 'https://mediasoup.org' },
      },
      { name: 'Opus', by: 'Xiph.Org', licence: 'BSD-3-Clause', url: 'https://opus-codec.org' },
      {
        ...{ name: 'SoundTouch', by: 'Olli Parviainen; in JavaScript by Steve Blades' },
        ...{ licence: 'MPL-2.0', url: 'https://github.com/cutterbl/SoundTouchJS' },
      },
      {
        ...{ name: 'ONNX Runtime', by: 'Microsoft', licence: 'MIT' },
        url: 'https://onnxruntime.ai',
      },
      {
        ...{ name: 'Svelte', by: 'its contributors', licence: 'MIT' },
        url: 'https://svelte.dev',
      },
      {
        ...{ name: 'Lucide', by: 'its contributors', licence: 'ISC' },
        url: 'https://lucide.dev',
      },
    ],
  },
];
