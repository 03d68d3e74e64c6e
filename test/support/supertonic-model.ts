import { GRAPHS, STYLES } from '../../inference/synthesize/supertonic-files.ts';
import { TOY_CONFIG, toyGraph, toyIndexer, toyStyleFile } from './supertonic-graphs.ts';

/** The files of a folder such as Supertone/supertonic-3, with toy graphs; for ToyModel. */
export function toyVoiceFiles(): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['onnx/tts.json', JSON.stringify(TOY_CONFIG)],
    ['onnx/unicode_indexer.json', JSON.stringify(toyIndexer())],
    ...GRAPHS.map((name): [string, Uint8Array] => [`onnx/${name}.onnx`, toyGraph(name)]),
    ...STYLES.map((name): [string, string] => [`voice_styles/${name}.json`, toyStyleFile(name)]),
  ]);
}
