import { BUILT_IN } from './engine-name.ts';
import { m } from './paraglide/messages.js';

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

/** Everything that makes, translates or speaks words here, and what carries them. */
export function attribution(): readonly WorkGroup[] {
  return [
    {
      title: m.about_models_title(),
      text: m.about_models_text(),
      works: [
        {
          ...{ name: 'Canary 1B v2', by: 'NVIDIA', licence: 'CC-BY-4.0' },
          url: 'https://huggingface.co/nvidia/canary-1b-v2',
          changed: m.about_converted_also({ by: 'istupakov' }),
          ids: ['canary', 'canary-1b-v2', 'canary-1b-v2-int8'],
        },
        {
          ...{ name: 'Canary 180M Flash', by: 'NVIDIA', licence: 'CC-BY-4.0' },
          url: 'https://huggingface.co/nvidia/canary-180m-flash',
          changed: m.about_converted_and({ by: 'istupakov' }),
          ids: ['canary-180m-flash-int8'],
        },
      ],
    },
    {
      title: m.about_built_in_title(),
      text: m.about_built_in_text(),
      works: [
        {
          ...{ name: m.about_pocketsphinx(), by: 'Carnegie Mellon University' },
          ...{ licence: 'BSD-2-Clause', url: 'https://github.com/cmusphinx/pocketsphinx' },
          ids: [BUILT_IN],
        },
        {
          ...{ name: m.about_apertium(), by: m.about_apertium_by() },
          ...{ licence: 'GPL-2.0 and GPL-3.0', url: 'https://www.apertium.org' },
          ids: [BUILT_IN],
        },
        {
          ...{ name: 'eSpeak NG', by: m.about_espeak_by(), licence: 'GPL-3.0 or later' },
          url: 'https://github.com/espeak-ng/espeak-ng',
          ids: [BUILT_IN],
        },
      ],
    },
    {
      title: m.about_voices_title(),
      text: m.about_voices_text(),
      works: [
        {
          ...{ name: 'Supertonic 3', by: 'Supertone', licence: 'OpenRAIL-M' },
          url: 'https://huggingface.co/Supertone/supertonic-3',
          ids: ['supertonic-3'],
        },
        {
          ...{ name: m.about_silero_two(), by: 'Silero', licence: 'CC-BY-NC' },
          url: 'https://github.com/snakers4/silero-models',
          ids: ['silero-ru', 'silero-en'],
        },
        {
          ...{ name: m.about_silero_others(), by: 'Silero', licence: 'MIT' },
          url: 'https://github.com/snakers4/silero-models',
          ids: ['silero-cis'],
        },
        {
          ...{ name: 'M2M100 418M', by: 'Meta AI', licence: 'MIT' },
          url: 'https://huggingface.co/facebook/m2m100_418M',
          changed: m.about_converted_by({ by: 'Xenova' }),
          ids: ['m2m100-418m'],
        },
        {
          ...{ name: 'VoxLingua107 ECAPA-TDNN', by: 'SpeechBrain', licence: 'Apache-2.0' },
          url: 'https://huggingface.co/speechbrain/lang-id-voxlingua107-ecapa',
          changed: m.about_converted(),
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
      title: m.about_carrying_title(),
      text: m.about_carrying_text(),
      works: [
        {
          ...{ name: 'mediasoup', by: m.about_mediasoup_by() },
          ...{ licence: 'ISC', url: 'https://mediasoup.org' },
        },
        { name: 'Opus', by: 'Xiph.Org', licence: 'BSD-3-Clause', url: 'https://opus-codec.org' },
        {
          ...{ name: 'SoundTouch', by: m.about_soundtouch_by() },
          ...{ licence: 'MPL-2.0', url: 'https://github.com/cutterbl/SoundTouchJS' },
        },
        {
          ...{ name: 'ONNX Runtime', by: 'Microsoft', licence: 'MIT' },
          url: 'https://onnxruntime.ai',
        },
        {
          ...{ name: 'Svelte', by: m.about_contributors(), licence: 'MIT' },
          url: 'https://svelte.dev',
        },
        {
          ...{ name: 'Lucide', by: m.about_contributors(), licence: 'ISC' },
          url: 'https://lucide.dev',
        },
      ],
    },
  ];
}
