import type { Catalogue, Licence, ModelFile } from './model.ts';

const MB = 1e6;
const GB = 1e9;

type Facts = Omit<ModelFile, 'name' | 'url'>;

/** Files of one revision of a repository on Hugging Face. */
const hub = (repository: string, revision: string) => {
  const base = `https://huggingface.co/${repository}/resolve/${revision}`;
  return (name: string, facts: Facts): ModelFile => ({ name, url: `${base}/${name}`, ...facts });
};

const canary = hub('istupakov/canary-1b-v2-onnx', '5ebc1520cef7b6b318b3526ad17adbfe00bc1bfc');
const flash = hub('istupakov/canary-180m-flash-onnx', '92c2231a4e2b2524277fea759be967d2e6edfc49');
const supertonic = hub('Supertone/supertonic-3', '724fb5abbf5502583fb520898d45929e62f02c0b');
const m2m100 = hub('Xenova/m2m100_418M', '9c374f0b7aca709787cea97b047bfbbd1559d177');

/** A package of voices. */
const silero = (language: string, name: string, facts: Facts): ModelFile => ({
  name,
  url: `https://models.silero.ai/models/tts/${language}/${name}`,
  ...facts,
});

const CANARY_SHARED: readonly ModelFile[] = [
  canary('config.json', {
    bytes: 68,
    sha256: 'f90ace8e35326dcd47c7330b230644fa0835083ed1e89e2f59aa08ba10d74f54',
  }),
  canary('vocab.txt', {
    bytes: 208_022,
    sha256: '2c9efe6104fd29522ea27ce0e3aef5d37c690af4e5a4232e643e23ca403ffea3',
  }),
];

const CANARY_LANGUAGES =
  'bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk'.split(' ');

const SUPERTONIC_LANGUAGES =
  'en ko ja ar bg cs da de el es et fi fr hi hr hu id it lt lv nl pl pt ro ru sk sl sv tr uk vi'.split(
    ' ',
  );

const ATTRIBUTION: Licence = {
  name: 'CC-BY-4.0',
  words: 'Free for any use; whoever passes it on names NVIDIA as its author.',
  ask: false,
};

const NON_COMMERCIAL: Licence = {
  name: 'CC-BY-NC',
  words:
    'Not for commercial use. Its author, Silero, says CC BY-NC in the README; the licence file ' +
    'says CC BY-NC-SA 4.0: whoever changes it and passes it on does so under the same terms.',
  ask: true,
};

const MIT: Licence = { name: 'MIT', words: 'Free for any use.', ask: false };

/**
 * What Parley can use, and where it comes from. Every address, size and hash was published by others;
 * none was made up: what is not known is left out, and a model whose files are not known says so.
 */
export const CATALOGUE: Catalogue = {
  sets: [
    {
      id: 'lite',
      purpose: 'four languages on a small machine',
      models: ['canary-180m-flash-int8', 'supertonic-3'],
    },
    {
      id: 'standard',
      purpose: '25 languages on a processor',
      models: ['canary-1b-v2-int8', 'supertonic-3', 'm2m100-418m'],
    },
    {
      id: 'gpu',
      purpose: '25 languages on an NVIDIA card',
      models: ['canary-1b-v2'],
    },
  ],
  models: [
    {
      available: true,
      id: 'canary-1b-v2-int8',
      purpose: 'hears speech and translates it to and from English',
      languages: CANARY_LANGUAGES,
      licence: ATTRIBUTION,
      disk: 1.03 * GB,
      memory: 2 * GB,
      files: [
        ...CANARY_SHARED,
        canary('encoder-model.int8.onnx', {
          bytes: 859_078_138,
          sha256: '6d96e9945898e5ace48f4efecd459ca1df81859730be27b8af6b197639403ee1',
        }),
        canary('decoder-model.int8.onnx', {
          bytes: 170_040_374,
          sha256: '52d83aa7aad41fbbe4f9dfcd341d784735a6eb4c6eb0d3290fc27a0d8ac39abf',
        }),
      ],
    },
    {
      available: true,
      id: 'canary-1b-v2',
      purpose: 'the same at full precision, for an NVIDIA card',
      languages: CANARY_LANGUAGES,
      licence: ATTRIBUTION,
      disk: 3.98 * GB,
      memory: 8 * GB,
      files: [
        ...CANARY_SHARED,
        canary('encoder-model.onnx', {
          about: 4.8 * MB,
          sha256: 'c8352f7adf033ad4dfcdc42e665eaacb1ee93e1acf6b168e4f1dfc57c26b0195',
        }),
        canary('encoder-model.onnx.data', {
          about: 3.3 * GB,
          sha256: 'a1711a0b88dc1bda0ff94178f2f8c66b1450990599856982ddc8cc6e155384ec',
        }),
        canary('decoder-model.onnx', {
          about: 676 * MB,
          sha256: '962dc77709f31c1ed8a55a7518ff4bed7316a87c442e7c79aa3573c4bbc39a72',
        }),
      ],
    },
    {
      available: true,
      id: 'canary-180m-flash-int8',
      purpose: 'hears speech and translates it to and from English, smaller and faster',
      languages: ['en', 'de', 'es', 'fr'],
      licence: ATTRIBUTION,
      disk: 213 * MB,
      files: [
        flash('config.json', {
          bytes: 68,
          sha256: 'f90ace8e35326dcd47c7330b230644fa0835083ed1e89e2f59aa08ba10d74f54',
        }),
        flash('vocab.txt', {
          bytes: 53555,
          sha256: '2dae6fc7815f9640645e0c765522b278ee0cef49b482d91f6913e334628d3e77',
        }),
        flash('encoder-model.int8.onnx', {
          bytes: 133710896,
          sha256: '996d1c89e6cbc891a7c88bf410884c178ffa474f7b13084522ac74a5e144cc81',
        }),
        flash('decoder-model.int8.onnx', {
          bytes: 79520211,
          sha256: '9dd9c447872088c912e916d73751f9621a54085d5bc46788454fe904db51a914',
        }),
      ],
    },
    {
      available: true,
      id: 'supertonic-3',
      purpose: 'speaks',
      languages: SUPERTONIC_LANGUAGES,
      licence: {
        name: 'OpenRAIL-M',
        words:
          'Free, with restrictions on what it may be used for; whoever passes it on passes these ' +
          'restrictions on.',
        ask: false,
      },
      disk: 401 * MB,
      files: [
        supertonic('onnx/duration_predictor.onnx', {
          bytes: 3700147,
          sha256: 'c3eb91414d5ff8a7a239b7fe9e34e7e2bf8a8140d8375ffb14718b1c639325db',
        }),
        supertonic('onnx/text_encoder.onnx', {
          bytes: 36416150,
          sha256: 'c7befd5ea8c3119769e8a6c1486c4edc6a3bc8365c67621c881bbb774b9902ff',
        }),
        supertonic('onnx/vector_estimator.onnx', {
          bytes: 256534781,
          sha256: '883ac868ea0275ef0e991524dc64f16b3c0376efd7c320af6b53f5b780d7c61c',
        }),
        supertonic('onnx/vocoder.onnx', {
          bytes: 101424195,
          sha256: '085de76dd8e8d5836d6ca66826601f615939218f90e519f70ee8a36ed2a4c4ba',
        }),
        supertonic('onnx/tts.json', {
          bytes: 8253,
          sha256: '42078d3aef1cd43ab43021f3c54f47d2d75ceb4e75f627f118890128b06a0d09',
        }),
        supertonic('onnx/unicode_indexer.json', {
          bytes: 277676,
          sha256: '9bf7346e43883a81f8645c81224f786d43c5b57f3641f6e7671a7d6c493cb24f',
        }),
        supertonic('LICENSE', {
          bytes: 15007,
          sha256: '0d944a9110fed9a9602d60e0423a272903e7bd21ab060490774efc77c2275e9f',
        }),
        supertonic('voice_styles/F1.json', {
          bytes: 292046,
          sha256: 'bbdec6ee00231c2c742ad05483df5334cab3b52fda3ba38e6a07059c4563dbc2',
        }),
        supertonic('voice_styles/F2.json', {
          bytes: 292423,
          sha256: '7c722c6a72707b1a77f035d67f0d1351ba187738e06f7683e8c72b1df3477fc6',
        }),
        supertonic('voice_styles/F3.json', {
          bytes: 290794,
          sha256: '12f6ef2573baa2defa1128069cb59f203e3ab67c92af77b42df8a0e3a2f7c6ab',
        }),
        supertonic('voice_styles/F4.json', {
          bytes: 291808,
          sha256: 'c2fa764c1225a76dfc3e2c73e8aa4f70d9ee48793860eb34c295fff01c2e032b',
        }),
        supertonic('voice_styles/F5.json', {
          bytes: 291479,
          sha256: '45966e73316415626cf41a7d1c6f3b4c70dbc1ba2bee5c1978ef0ce33244fc8d',
        }),
        supertonic('voice_styles/M1.json', {
          bytes: 291748,
          sha256: 'e35604687f5d23694b8e91593a93eec0e4eca6c0b02bb8ed69139ab2ea6b0a5b',
        }),
        supertonic('voice_styles/M2.json', {
          bytes: 292055,
          sha256: 'b76cbf62bac707c710cf0ae5aba5e31eea1a6339a9734bfae33ab98499534a50',
        }),
        supertonic('voice_styles/M3.json', {
          bytes: 290198,
          sha256: 'ea1ac35ccb91b0d7ecad533a2fbd0eec10c91513d8951e3b25fbba99954e159b',
        }),
        supertonic('voice_styles/M4.json', {
          bytes: 291522,
          sha256: 'ca8eefad4fcd989c9379032ff3e50738adc547eeb5e221b82593a6d7b3bac303',
        }),
        supertonic('voice_styles/M5.json', {
          bytes: 291469,
          sha256: 'dd22b92740314321f8ae11c5e87f8dd60d060f15dd3a632b5adf77f471f77af2',
        }),
      ],
    },
    {
      available: true,
      id: 'm2m100-418m',
      purpose: 'translates text from English where speech cannot be translated at once',
      languages: [],
      licence: MIT,
      disk: 640 * MB,
      files: [
        m2m100('config.json', {
          bytes: 908,
          sha256: '1dbdf77ddc7809acd4c54ccf0eab46f840b40174afb1b6f6de8787244e832938',
        }),
        m2m100('generation_config.json', {
          bytes: 233,
          sha256: '722210dd0bee7bef4e8e7f9a8574d8c56a2dfff723d73f390ce67892740b9009',
        }),
        m2m100('tokenizer.json', {
          bytes: 7988527,
          sha256: '03d9e111731c2d71f39a2c2a88499743e4c251385d07f0384b4349a23ba54363',
        }),
        m2m100('tokenizer_config.json', {
          bytes: 1813,
          sha256: 'bacfd4b9da25a61e01f17abe660465f616c9a1a3f5e23ab9ad3326c3788f2d9f',
        }),
        m2m100('onnx/encoder_model_quantized.onnx', {
          bytes: 287856370,
          sha256: '13a94e354a9140764eb81102d77d3ec6952d796e6f113c651eeb3c3443da0386',
        }),
        m2m100('onnx/decoder_model_merged_quantized.onnx', {
          bytes: 344128178,
          sha256: '007654bcabb6cea6fd3bde34ce933137b431330b3755781145d7b6906270b45a',
        }),
      ],
    },
    {
      available: true,
      id: 'silero-ru',
      purpose: 'speaks Russian with its stresses (v5_5_ru; needs the Silero sidecar)',
      languages: ['ru'],
      licence: NON_COMMERCIAL,
      disk: 145.4 * MB,
      files: [
        silero('ru', 'v5_5_ru.pt', {
          bytes: 145_420_684,
          sha256: '50081637b602126ee06cb3bc8a744d25651d2da149ee8864b9a379bfdd934437',
        }),
      ],
    },
    {
      available: true,
      id: 'silero-en',
      purpose: 'speaks English (v3_en, of 2022; needs the Silero sidecar)',
      languages: ['en'],
      licence: NON_COMMERCIAL,
      disk: 57.2 * MB,
      files: [
        silero('en', 'v3_en.pt', {
          bytes: 57_194_546,
          sha256: '02b71034d9f13bc4001195017bac9db1c6bb6115e03fea52983e8abcff13b665',
        }),
      ],
    },
    {
      available: true,
      id: 'silero-cis',
      purpose: 'speaks Kazakh, Tatar, Georgian and others (v5_cis_base; needs the Silero sidecar)',
      // Russian, Ukrainian and Belarusian as well, but only where somebody marks the stresses.
      languages: ['az', 'ba', 'cv', 'hy', 'ka', 'kk', 'ky', 'tg', 'tt', 'uz'],
      licence: MIT,
      disk: 91.7 * MB,
      // Its publisher has put other contents at the same address before.
      files: [silero('ru', 'v5_cis_base_nostress.pt', { about: 91_685_438 })],
    },
    {
      available: true,
      id: 'silero-vad-v6',
      purpose: 'tells speech from silence',
      languages: [],
      licence: MIT,
      disk: 2.33 * MB,
      files: [
        {
          name: 'silero_vad.onnx',
          url: 'https://raw.githubusercontent.com/snakers4/silero-vad/806dcba/src/silero_vad/data/silero_vad.onnx',
          bytes: 2_327_524,
          sha256: '1a153a22f4509e29',
        },
      ],
    },
    {
      available: false,
      id: 'voxlingua107-ecapa',
      purpose: 'tells which language is spoken',
      languages: [],
      licence: {
        name: 'Apache-2.0',
        words: 'Free for any use; notices and changes are to be named.',
        ask: false,
      },
      disk: 86 * MB,
      reason: 'the address of its ONNX export is not on record here',
    },
  ],
};
