import { inference } from './defaults/inference.ts';
import { media } from './defaults/media.ts';
import { server } from './defaults/server.ts';
import { tracing } from './defaults/tracing.ts';
import type { Config } from './schema.ts';

/**
 * Every setting and its default, a file for each process. An environment variable overrides each:
 * PARLEY_ and the key path in capitals, without the group `server`. So `server.port` is PARLEY_PORT,
 * `server.rooms.maxPeers` is PARLEY_ROOMS_MAX_PEERS and `media.vadMinSilenceMs` is
 * PARLEY_MEDIA_VAD_MIN_SILENCE_MS. Lists are written with commas. Times are milliseconds.
 */
export const defaults: Config = { server, media, inference, tracing };
