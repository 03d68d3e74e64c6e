import { CatalogueError } from '../catalogue/catalogue-error.ts';
import { folderOf } from '../catalogue/folder-of.ts';
import { startEspeak } from '../offline/voice/voice.ts';
import { SileroVoice } from '../silero/silero-voice.ts';
import { startSupertonic, SUPERTONIC } from './supertonic-voice.ts';
import { VoiceChain } from './voice-chain.ts';
import type { VoiceEngine } from './voice-engine.ts';
import type { VoiceParts } from './voice-program.ts';

/**
 * Starts the voices asked for, the best first: Silero where it is configured, Supertonic, and espeak-ng
 * behind them for every language without another voice. Rejects when what was asked for by name cannot
 * be used.
 */
export async function startVoices(parts: VoiceParts): Promise<VoiceEngine> {
  await using started = new AsyncDisposableStack();
  const engines: VoiceEngine[] = [];
  const add = (engine: VoiceEngine | undefined): void => {
    if (engine === undefined) return;
    engines.push(engine);
    started.defer(() => engine.close());
  };
  const { silero } = parts.options;
  if (silero.url !== '' || silero.models.length > 0) add(await SileroVoice.start(parts));
  add(await wantedSupertonic(parts));
  add(startEspeak(parts));
  started.move();
  return new VoiceChain(engines, parts);
}

async function wantedSupertonic(parts: VoiceParts): Promise<VoiceEngine | undefined> {
  const { options, log } = parts;
  if (options.voice === 'espeak') return undefined;
  if (options.voice !== 'auto') {
    return startSupertonic(await folderOf(options.models, options.voice), parts);
  }
  try {
    return await startSupertonic(await folderOf(options.models, SUPERTONIC), parts);
  } catch (error) {
    const absent = error instanceof CatalogueError && error.kind === 'absent';
    if (absent) log.info('no voice model is here; espeak-ng speaks (npm run models -- pull lite)');
    else log.error({ err: error, model: SUPERTONIC }, 'a voice that is here cannot be used');
    return undefined;
  }
}
